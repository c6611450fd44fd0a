/* SPDX-License-Identifier: MIT */
/* Copies of the helper library: to load, to strip and to damage. Included after cmocka.h. */
#ifndef PYTHREAD_TRACE_HELPER_COPY_H
#define PYTHREAD_TRACE_HELPER_COPY_H

#include "stack/symbolize.h"
#include "symbolize_helper.h"
#include "temporary.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static inline void assert_file(const struct symbol *symbol, const char *name)
{
	const char *slash;

	assert_non_null(symbol->file);
	slash = strrchr(symbol->file, '/');
	assert_string_equal(slash ? slash + 1 : symbol->file, name);
}

/* A copy of the helper library, loaded. */
struct copy {
	char *path;
	void *library;
	struct helper_facts facts;
	const struct module *module;
};

static inline void load(struct copy *copy)
{
	helper_facts_fn *helper_facts;

	copy->library = dlopen(copy->path, RTLD_NOW | RTLD_LOCAL);
	assert_non_null(copy->library);
	helper_facts = (helper_facts_fn *)dlsym(copy->library, "helper_facts");
	assert_non_null(helper_facts);
	helper_facts(&copy->facts);
	copy->module = module_get(module_at(copy->facts.code));
	assert_non_null(copy->module);
}

static inline void unload(struct copy *copy)
{
	assert_int_equal(dlclose(copy->library), 0);
	free(copy->path);
}

static inline void prepare(struct copy *copy, const char *name)
{
	copy->path = temporary_path(name);
	assert_true(copy_file(HELPER_FILE, copy->path, -1));
}

/* Runs a shell command in the directory of the copies. */
__attribute__((format(printf, 1, 2))) static inline int shell(const char *format, ...)
{
	char *command, *all;
	va_list arguments;
	int status;

	va_start(arguments, format);
	assert_true(vasprintf(&command, format, arguments) >= 0);
	va_end(arguments);
	assert_true(asprintf(&all, "cd '%s' && { %s; }", temporary, command) >= 0);
	status = system(all);
	free(command);
	free(all);
	return status;
}

static inline void need_objcopy(void)
{
	if (shell("command -v objcopy >/dev/null") == 0)
		return;
	print_message("skipped: there is no objcopy\n");
	skip();
}

static inline void assert_code_known(const struct copy *copy)
{
	struct symbol symbol;

	symbolize_code(copy->module, (uintptr_t)copy->facts.code - 1, &symbol);
	assert_non_null(symbol.function);
	assert_string_equal(symbol.function, "helper_local");
	assert_file(&symbol, "symbolize_helper.c");
	assert_int_equal(symbol.line, copy->facts.line);
}

static inline void assert_data_known(const struct copy *copy)
{
	struct symbol symbol;

	symbolize_data(copy->module, (uintptr_t)copy->facts.variable, &symbol);
	assert_non_null(symbol.function);
	assert_string_equal(symbol.function, "helper_counter");
}

static inline void assert_unknown(const struct copy *copy)
{
	uintptr_t address = (uintptr_t)copy->facts.code - 1;
	struct symbol symbol;

	symbolize_code(copy->module, address, &symbol);
	assert_null(symbol.function);
	assert_null(symbol.file);
	assert_int_equal(symbol.line, 0);
	assert_int_equal(symbol.offset, address - copy->module->bias);
	symbolize_data(copy->module, (uintptr_t)copy->facts.variable, &symbol);
	assert_null(symbol.function);
}

#endif
