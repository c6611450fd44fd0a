/* SPDX-License-Identifier: MIT */
/* One library's imports are exchanged, in a protected table and in one that is not. */
#include "base/imports.h"
#include "write_protected.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FAKE 4242

struct module {
	const char *path;
	pid_t (*call)(void);
	void *(*address)(void);
	struct imports imports;
	bool read;
	void **call_slot, **address_slot;
};

static pid_t fake(void)
{
	return FAKE;
}

static void find(void **slot, const char *name, void *data)
{
	struct module *module = data;

	if (!strcmp(name, "getppid"))
		module->call_slot = slot;
	else if (!strcmp(name, "getpgrp"))
		module->address_slot = slot;
}

static int read_module(struct dl_phdr_info *info, size_t size, void *data)
{
	struct module *module = data;

	(void)size;
	if (strcmp(info->dlpi_name, module->path) != 0)
		return 0;
	module->read = imports_read(&module->imports, info);
	return 1;
}

static void load(struct module *module, const char *path)
{
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		fail_msg("%s", dlerror());
	*module = (struct module){.path = path};
	*(void **)&module->call = dlsym(handle, "module_call");
	*(void **)&module->address = dlsym(handle, "module_address");
	assert_non_null(module->call);
	assert_non_null(module->address);
	dl_iterate_phdr(read_module, module);
	assert_true(module->read);
	imports_for_each(&module->imports, find, module);
	assert_non_null(module->call_slot);
	assert_non_null(module->address_slot);
}

static void exchange_both(struct module *module, bool is_protected)
{
	assert_int_equal(module->call(), getppid());
	assert_true(imports_exchange(&module->imports, module->call_slot, (void *)fake));
	assert_true(imports_exchange(&module->imports, module->address_slot, (void *)fake));
	assert_int_equal(module->call(), FAKE);
	assert_ptr_equal(module->address(), (void *)fake);
	assert_int_not_equal(getppid(), FAKE);
	assert_int_equal(is_write_protected(module->call_slot), is_protected);
	assert_int_equal(is_write_protected(module->address_slot), is_protected);
}

static void protected_table_stays_protected(void **state)
{
	struct module module;

	(void)state;
	load(&module, PROTECTED_MODULE);
	exchange_both(&module, true);
}

static void open_table_stays_open(void **state)
{
	struct module module;

	(void)state;
	load(&module, OPEN_MODULE);
	exchange_both(&module, false);
}

/* What is read-only ends with a page, however large the pages are; its neighbours stay writable. */
static void only_whole_pages_are_protected(void **state)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	ElfW(Dyn) dynamic = {.d_tag = DT_NULL};
	ElfW(Phdr) segments[] = {
		{.p_type = PT_GNU_RELRO, .p_vaddr = page + 16, .p_memsz = page},
		{.p_type = PT_DYNAMIC, .p_vaddr = (ElfW(Addr)) & dynamic - page},
	};
	struct dl_phdr_info info = {.dlpi_addr = page, .dlpi_phdr = segments, .dlpi_phnum = 2};
	struct imports imports;

	(void)state;
	assert_false(imports_read(&imports, &info)); /* no symbols */
	assert_int_equal(imports.protected_start, 2 * page);
	assert_int_equal(imports.protected_end, 3 * page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(protected_table_stays_protected),
		cmocka_unit_test(open_table_stays_open),
		cmocka_unit_test(only_whole_pages_are_protected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
