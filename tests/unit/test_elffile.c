/* SPDX-License-Identifier: MIT */
/* Files that are not the ones that were loaded: replaced, damaged, or no files at all. */
#include "helper_copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replaced),  cmocka_unit_test(test_replaced_build_id),
		cmocka_unit_test(test_gone),	  cmocka_unit_test(test_pipe_in_its_place),
		cmocka_unit_test(test_truncated), cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, temporary_make, temporary_remove);
}
