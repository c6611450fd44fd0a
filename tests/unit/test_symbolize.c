/* SPDX-License-Identifier: MIT */
/* Addresses of this program, of libraries and of C++ get the names and lines that they have. */
#include "helper_copy.h"

#include <dlfcn.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOINLINE __attribute__((noinline))

static int own_variable[8];
static unsigned int own_line;

static NOINLINE const void *return_address(void)
{
	own_variable[3]++;
	return __builtin_return_address(0);
}

static NOINLINE const void *own_function(void)
{
	const void *code;

	own_line = __LINE__ + 1;
	code = return_address();
	own_variable[4]++;
	return code;
}

/* A return address: the call is before it. */
static void look_up_code(const void *code, struct symbol *out)
{
	symbolize_code(module_get(module_at(code)), (uintptr_t)code - 1, out);
}

static void look_up_data(const void *data, struct symbol *out)
{
	symbolize_data(module_get(module_at(data)), (uintptr_t)data, out);
}

static void test_own_code(void **state)
{
	const void *code = own_function();
	struct symbol symbol;

	(void)state;
	look_up_code(code, &symbol);
	assert_non_null(symbol.function);
	assert_string_equal(symbol.function, "own_function");
	assert_file(&symbol, "test_symbolize.c");
	assert_int_equal(symbol.line, own_line);
	assert_int_equal(symbol.offset, (uintptr_t)code - 1 - _r_debug.r_map->l_addr);
}

static void test_own_data(void **state)
{
	struct symbol symbol;

	(void)state;
	look_up_data(&own_variable[5], &symbol);
	assert_non_null(symbol.function);
	assert_string_equal(symbol.function, "own_variable");
	assert_int_equal(symbol.into, 5 * sizeof(own_variable[0]));
	assert_null(symbol.file);
	assert_int_equal(symbol.line, 0);
}

static void test_equal_question_equal_answer(void **state)
{
	const void *code = own_function();
	struct symbol one, two;

	(void)state;
	look_up_code(code, &one);
	look_up_code(code, &two);
	assert_memory_equal(&one, &two, sizeof(one));
}

static void test_libc(void **state)
{
	const char *code = dlsym(RTLD_DEFAULT, "gnu_get_libc_version");
	struct symbol symbol;

	(void)state;
	look_up_code(code + 2, &symbol);
	assert_non_null(symbol.function);
	assert_string_equal(symbol.function, "gnu_get_libc_version");
}

static void test_nothing(void **state)
{
	struct symbol symbol;

	(void)state;
	memset(&symbol, 0xff, sizeof(symbol));
	symbolize_code(NULL, 0x1234, &symbol);
	assert_null(symbol.function);
	assert_null(symbol.file);
	assert_int_equal(symbol.line, 0);
	symbolize_code(module_get(module_at(own_variable)), 1, &symbol);
	assert_null(symbol.function);
}

static void test_library(void **state)
{
	struct copy copy;

	(void)state;
	prepare(&copy, "plain.so");
	load(&copy);
	assert_code_known(&copy);
	assert_data_known(&copy);
	unload(&copy);
}

static void test_unloaded_library(void **state)
{
	struct copy copy;

	(void)state;
	prepare(&copy, "unloaded.so");
	load(&copy);
	assert_int_equal(dlclose(copy.library), 0);
	assert_code_known(&copy);
	assert_data_known(&copy);
	free(copy.path);
}

static void test_cplusplus_without_runtime(void **state)
{
	struct symbol symbol;
	struct copy copy;

	(void)state;
	if (dlopen("libstdc++.so.6", RTLD_NOW | RTLD_NOLOAD)) {
		print_message("skipped: libstdc++ is here already\n");
		skip();
	}
	prepare(&copy, "mangled.so");
	load(&copy);
	symbolize_code(copy.module, (uintptr_t)copy.facts.cplusplus - 1, &symbol);
	assert_non_null(symbol.function);
	assert_string_equal(symbol.function, "_ZN4demo5shownEi");
	unload(&copy);
}

static void test_cplusplus(void **state)
{
	struct symbol symbol;
	struct copy copy;

	(void)state;
	if (!dlopen("libstdc++.so.6", RTLD_NOW | RTLD_LOCAL)) {
		print_message("skipped: there is no libstdc++\n");
		skip();
	}
	prepare(&copy, "cplusplus.so");
	load(&copy);
	symbolize_code(copy.module, (uintptr_t)copy.facts.cplusplus - 1, &symbol);
	assert_non_null(symbol.function);
	assert_string_equal(symbol.function, "demo::shown(int)");
	unload(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_code),
		cmocka_unit_test(test_own_data),
		cmocka_unit_test(test_equal_question_equal_answer),
		cmocka_unit_test(test_libc),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_library),
		cmocka_unit_test(test_unloaded_library),
		cmocka_unit_test(test_cplusplus_without_runtime),
		cmocka_unit_test(test_cplusplus),
	};

	return cmocka_run_group_tests(tests, temporary_make, temporary_remove);
}
