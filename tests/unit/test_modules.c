/* SPDX-License-Identifier: MIT */
/* Which object file an address is in, and what another one at the same place changes. */
#include "stack/modules.h"
#include "symbolize_helper.h"
#include "temporary.h"

#include <dlfcn.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int static_data = 1;

static void test_executable(void **state)
{
	const struct module *module;
	char path[PATH_MAX];
	uint32_t id = module_at((const void *)test_executable);

	(void)state;
	assert_int_not_equal(id, 0);
	module = module_get(id);
	assert_non_null(module);
	assert_non_null(realpath("/proc/self/exe", path));
	assert_string_equal(module->path, path);
	assert_string_equal(module->name, strrchr(path, '/') + 1);
	assert_true(module->start <= (uintptr_t)test_executable);
	assert_true((uintptr_t)test_executable < module->end);
	assert_int_equal(module->bias, _r_debug.r_map->l_addr);
	assert_true(module_still_at(id, (const void *)test_executable));
	id = module_at(&static_data);
	assert_int_not_equal(id, 0);
	assert_string_equal(module_get(id)->path, path);
	assert_true(module_still_at(id, &static_data));
}

static void test_library(void **state)
{
	uint32_t id = module_at(dlsym(RTLD_DEFAULT, "gnu_get_libc_version"));

	(void)state;
	assert_int_not_equal(id, 0);
	assert_int_not_equal(id, module_at(&static_data));
	assert_int_equal(id, module_at(dlsym(RTLD_DEFAULT, "get_nprocs")));
	assert_non_null(strstr(module_get(id)->name, "libc.so"));
	assert_false(module_still_at(id, &static_data));
}

static void test_nothing_there(void **state)
{
	char *heap = calloc(1, 16);
	int local = 0;

	(void)state;
	assert_int_equal(module_at(heap), 0);
	assert_int_equal(module_at(&local), 0);
	assert_int_equal(module_at(NULL), 0);
	assert_true(module_still_at(0, heap));
	assert_false(module_still_at(0, &static_data));
	assert_null(module_get(0));
	assert_null(module_get(100000));
	assert_null(module_get(UINT32_MAX));
	free(heap);
}

/* Loads, asks, unloads; *address is where the library's function was. */
static uint32_t visit(const char *path, const void **address)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	uint32_t id;

	assert_non_null(library);
	*address = dlsym(library, "helper_facts");
	id = module_at(*address);
	assert_true(module_still_at(id, *address));
	assert_int_equal(dlclose(library), 0);
	assert_false(module_still_at(id, *address));
	return id;
}

static void test_time(void **state)
{
	uint32_t before = modules_time();

	(void)state;
	assert_int_not_equal(before, 0);
	assert_int_equal(modules_time(), before);
	modules_unload_begins();
	assert_int_equal(modules_time(), 0);
	modules_unload_begins(); /* from a destructor of what goes, or by another thread */
	modules_unload_ends();
	assert_int_equal(modules_time(), 0);
	modules_unload_ends();
	assert_int_not_equal(modules_time(), 0);
	assert_int_not_equal(modules_time(), before);
}

static void test_same_place_other_library(void **state)
{
	char *one = temporary_path("one.so");
	char *two = temporary_path("two.so");
	const void *first, *second, *third;
	uint32_t a, b, c;

	(void)state;
	assert_true(copy_file(HELPER_FILE, one, -1));
	assert_true(copy_file(HELPER_FILE, two, -1));
	a = visit(one, &first);
	b = visit(two, &second);
	c = visit(one, &third);
	if (first != second)
		print_message("the two libraries did not get the same address\n");
	assert_int_not_equal(a, 0);
	assert_int_not_equal(b, 0);
	assert_int_not_equal(a, b);
	if (first == third)
		assert_int_equal(a, c);
	assert_int_equal(module_at(first), 0);
	assert_string_equal(module_get(a)->path, one);
	assert_string_equal(module_get(b)->path, two);
	free(one);
	free(two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_executable),
		cmocka_unit_test(test_library),
		cmocka_unit_test(test_nothing_there),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_same_place_other_library),
	};

	return cmocka_run_group_tests(tests, temporary_make, temporary_remove);
}
