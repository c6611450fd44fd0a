/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "stack/debugfile.h"
#include "stack/symbolize.h"
#include "symbolize_helper.h"
#include "temporary.h"

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

static void assert_file(const struct symbol *symbol, const char *name)
{
	const char *slash;

	assert_non_null(symbol->file);
	slash = strrchr(symbol->file, '/');
	assert_string_equal(slash ? slash + 1 : symbol->file, name);
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

/* A copy of the helper library, loaded. */
struct copy {
	char *path;
	void *library;
	struct helper_facts facts;
	const struct module *module;
};

static void load(struct copy *copy)
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

static void unload(struct copy *copy)
{
	assert_int_equal(dlclose(copy->library), 0);
	free(copy->path);
}

static void prepare(struct copy *copy, const char *name)
{
	copy->path = temporary_path(name);
	assert_true(copy_file(HELPER_FILE, copy->path, -1));
}

/* Runs a shell command in the directory of the copies. */
__attribute__((format(printf, 1, 2))) static int shell(const char *format, ...)
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

static void need_objcopy(void)
{
	if (shell("command -v objcopy >/dev/null") == 0)
		return;
	print_message("skipped: there is no objcopy\n");
	skip();
}

static void assert_code_known(const struct copy *copy)
{
	struct symbol symbol;

	symbolize_code(copy->module, (uintptr_t)copy->facts.code - 1, &symbol);
	assert_non_null(symbol.function);
	assert_string_equal(symbol.function, "helper_local");
	assert_file(&symbol, "symbolize_helper.c");
	assert_int_equal(symbol.line, copy->facts.line);
}

static void assert_data_known(const struct copy *copy)
{
	struct symbol symbol;

	symbolize_data(copy->module, (uintptr_t)copy->facts.variable, &symbol);
	assert_non_null(symbol.function);
	assert_string_equal(symbol.function, "helper_counter");
}

static void assert_unknown(const struct copy *copy)
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

static void test_stripped(void **state)
{
	struct copy copy;

	(void)state;
	need_objcopy();
	prepare(&copy, "stripped.so");
	assert_int_equal(shell("objcopy --strip-all stripped.so"), 0);
	load(&copy);
	assert_unknown(&copy);
	unload(&copy);
}

/* Takes the debug information out into `debug` and leaves a link to it. */
static void split(const char *name, const char *debug, const char *more)
{
	assert_int_equal(shell("objcopy --only-keep-debug %s %s && "
			       "objcopy --strip-all %s --add-gnu-debuglink=%s %s",
			       name, debug, more, debug, name),
			 0);
}

static void test_debug_link(void **state)
{
	static const char *const folders[] = {".", ".debug"};
	struct copy copy;
	char name[32];
	unsigned int i;

	(void)state;
	need_objcopy();
	for (i = 0; i < countof(folders); i++) {
		snprintf(name, sizeof(name), "linked%u.so", i);
		prepare(&copy, name);
		split(name, "linked.debug", "");
		assert_int_equal(
			shell("mkdir -p %s && mv -n linked.debug %s/", folders[i], folders[i]), 0);
		load(&copy);
		assert_code_known(&copy);
		assert_data_known(&copy);
		unload(&copy);
		assert_int_equal(shell("rm -f linked.debug .debug/linked.debug"), 0);
	}
}

static void test_debug_link_below_root(void **state)
{
	struct copy copy;
	const char *system_root = debugfile_root;
	char *root = temporary_path("root");

	(void)state;
	need_objcopy();
	debugfile_root = root;
	prepare(&copy, "rooted.so");
	split("rooted.so", "rooted.debug", "");
	assert_int_equal(
		shell("mkdir -p 'root%s' && mv rooted.debug 'root%s'", temporary, temporary), 0);
	load(&copy);
	assert_code_known(&copy);
	unload(&copy);
	debugfile_root = system_root;
	free(root);
}

/* Without build ids the checksum decides. */
static void test_debug_link_checksum(void **state)
{
	static const char no_id[] = "--remove-section=.note.gnu.build-id";
	struct copy good, bad;

	(void)state;
	need_objcopy();
	prepare(&good, "good.so");
	split("good.so", "good.debug", no_id);
	load(&good);
	assert_code_known(&good);
	unload(&good);

	prepare(&bad, "bad.so");
	split("bad.so", "bad.debug", no_id);
	assert_int_equal(shell("printf x >>bad.debug"), 0);
	load(&bad);
	assert_unknown(&bad);
	unload(&bad);
}

static void test_foreign_debug_file(void **state)
{
	struct copy copy;

	(void)state;
	need_objcopy();
	prepare(&copy, "foreign.so");
	split("foreign.so", "foreign.debug", "");
	assert_true(shell("cp /proc/%d/exe foreign.debug", (int)getpid()) == 0);
	load(&copy);
	assert_unknown(&copy);
	unload(&copy);
}

static void test_build_id(void **state)
{
	const char *system_root = debugfile_root;
	char *root = temporary_path("ids");
	struct copy copy;

	(void)state;
	need_objcopy();
	debugfile_root = root;
	prepare(&copy, "identified.so");
	assert_int_equal(
		shell("id=$(readelf -n identified.so | sed -n 's/.*Build ID: //p') && "
		      "directory=ids/.build-id/$(printf %%.2s \"$id\") && mkdir -p $directory && "
		      "objcopy --only-keep-debug identified.so $directory/${id#??}.debug && "
		      "objcopy --strip-all identified.so"),
		0);
	load(&copy);
	assert_code_known(&copy);
	assert_data_known(&copy);
	unload(&copy);
	debugfile_root = system_root;
	free(root);
}

/* The file is another one by now, its symbols elsewhere: better none than wrong ones. */
static void test_replaced(void **state)
{
	char *self = realpath("/proc/self/exe", NULL);
	struct copy copy;

	(void)state;
	prepare(&copy, "replaced.so");
	load(&copy);
	assert_int_equal(unlink(copy.path), 0);
	assert_true(copy_file(self, copy.path, -1));
	assert_unknown(&copy);
	unload(&copy);
	free(self);
}

/* The same layout, and only the build id tells. */
static void test_replaced_build_id(void **state)
{
	struct copy copy;

	(void)state;
	need_objcopy();
	prepare(&copy, "other_id.so");
	load(&copy);
	assert_int_equal(shell("objcopy --dump-section .note.gnu.build-id=id other_id.so copy && "
			       "printf '\\001\\002\\003\\004' | dd of=id bs=1 seek=16 conv=notrunc "
			       "2>/dev/null && "
			       "objcopy --update-section .note.gnu.build-id=id other_id.so new && "
			       "rm copy && mv new other_id.so"),
			 0);
	assert_unknown(&copy);
	unload(&copy);
}

static void test_gone(void **state)
{
	struct copy copy;

	(void)state;
	prepare(&copy, "gone.so");
	load(&copy);
	assert_int_equal(unlink(copy.path), 0);
	assert_unknown(&copy);
	unload(&copy);
}

static void test_pipe_in_its_place(void **state)
{
	struct copy copy;

	(void)state;
	prepare(&copy, "pipe.so");
	load(&copy);
	assert_int_equal(unlink(copy.path), 0);
	assert_int_equal(mkfifo(copy.path, 0600), 0);
	assert_unknown(&copy);
	unload(&copy);
}

static void ask_everything(const struct module *module)
{
	uintptr_t address;
	struct symbol symbol;

	for (address = module->start; address < module->end; address += 61) {
		symbolize_code(module, address, &symbol);
		symbolize_data(module, address, &symbol);
	}
}

/*
 * Modules whose file is a made-up one. Nothing is mapped there, so nothing can be compared. An
 * array, because symbolize knows a module by its address, for good.
 */
static struct module made_up[128];
static unsigned int made_up_count;

static void ask_file(const char *path)
{
	struct module *module = &made_up[made_up_count++];

	assert_true(made_up_count <= countof(made_up));
	*module = (struct module){.path = path, .name = "made-up"};
	module->start = module->bias = 0x100000000000;
	module->end = module->start + 0x5000;
	ask_everything(module);
}

static void test_truncated(void **state)
{
	char *path = temporary_path("truncated.so");
	struct stat status;
	long length;

	(void)state;
	assert_int_equal(stat(HELPER_FILE, &status), 0);
	for (length = 0; length < status.st_size; length += status.st_size / 40) {
		assert_true(copy_file(HELPER_FILE, path, length));
		ask_file(path);
	}
	free(path);
}

/* Bytes changed at random, always the same ones. */
static void test_damaged(void **state)
{
	char *path = temporary_path("damaged.so");
	unsigned short seed[3] = {1, 2, 3};
	struct stat status;
	unsigned int round, i;
	int file;

	(void)state;
	assert_int_equal(stat(HELPER_FILE, &status), 0);
	for (round = 0; round < 60; round++) {
		assert_true(copy_file(HELPER_FILE, path, -1));
		file = open(path, O_WRONLY | O_CLOEXEC);
		assert_true(file >= 0);
		for (i = 0; i < 1 + round; i++) {
			/* Half of them among the section headers at the end. */
			long at = i & 1 ? nrand48(seed) % status.st_size
					: status.st_size - 1 - nrand48(seed) % 2560;
			char byte = (char)nrand48(seed);

			assert_int_equal(pwrite(file, &byte, 1, at), 1);
		}
		close(file);
		ask_file(path);
	}
	free(path);
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

static unsigned int open_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

static void test_no_descriptor_stays_open(void **state)
{
	unsigned int before = open_descriptors();
	struct copy copy;

	(void)state;
	need_objcopy();
	prepare(&copy, "closed.so");
	split("closed.so", "closed.debug", "");
	load(&copy);
	assert_code_known(&copy);
	unload(&copy);
	assert_int_equal(open_descriptors(), before);
}

/* A server that would be asked for debug files, were anybody to ask. */
static void test_no_network(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	char url[64];
	struct copy copy;

	(void)state;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (server < 0 || bind(server, (struct sockaddr *)&address, length) != 0 ||
	    listen(server, 4) != 0 ||
	    getsockname(server, (struct sockaddr *)&address, &length) != 0) {
		print_message("skipped: no server can be set up here\n");
		skip();
	}
	need_objcopy();
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", ntohs(address.sin_port));
	setenv("DEBUGINFOD_URLS", url, 1);
	setenv("DEBUGINFOD_CACHE_PATH", temporary, 1);
	setenv("DEBUGINFOD_TIMEOUT", "1", 1);
	prepare(&copy, "offline.so");
	assert_int_equal(shell("objcopy --strip-all offline.so"), 0);
	load(&copy);
	assert_unknown(&copy);
	unload(&copy);
	assert_int_equal(accept4(server, NULL, NULL, SOCK_CLOEXEC), -1);
	assert_int_equal(errno, EAGAIN);
	unsetenv("DEBUGINFOD_URLS");
	close(server);
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
		cmocka_unit_test(test_stripped),
		cmocka_unit_test(test_debug_link),
		cmocka_unit_test(test_debug_link_below_root),
		cmocka_unit_test(test_debug_link_checksum),
		cmocka_unit_test(test_foreign_debug_file),
		cmocka_unit_test(test_build_id),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_replaced_build_id),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_pipe_in_its_place),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_cplusplus_without_runtime),
		cmocka_unit_test(test_cplusplus),
		cmocka_unit_test(test_no_descriptor_stays_open),
		cmocka_unit_test(test_no_network),
	};

	return cmocka_run_group_tests(tests, temporary_make, temporary_remove);
}
