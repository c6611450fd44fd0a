/* SPDX-License-Identifier: MIT */
/* Separate debug files are found wherever they may lie; those of other objects are not believed. */
#include "helper_copy.h"
#include "stack/debugfile.h"
#include "surroundings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

/* Takes the debug information out into `debug` and leaves a link to it. */
static void split(const char *name, const char *debug, const char *more)
{
	assert_int_equal(shell("objcopy --only-keep-debug %s %s && "
			       "objcopy --strip-all %s --add-gnu-debuglink=%s %s",
			       name, debug, more, debug, name),
			 0);
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

/* dwz moves what two files have in common, names among it, into a third. */
static void test_supplement(void **state)
{
	struct copy copy, twin;

	(void)state;
	if (shell("command -v dwz >/dev/null") != 0) {
		print_message("skipped: there is no dwz\n");
		skip();
	}
	prepare(&copy, "shared.so");
	prepare(&twin, "twin.so");
	if (shell("dwz -m common.debug -M \"$PWD/common.debug\" shared.so twin.so") != 0) {
		print_message("skipped: dwz cannot read what this compiler writes\n");
		skip();
	}
	load(&copy);
	assert_code_known(&copy);
	unload(&copy);
	free(twin.path);
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
		cmocka_unit_test(test_stripped),
		cmocka_unit_test(test_debug_link),
		cmocka_unit_test(test_debug_link_below_root),
		cmocka_unit_test(test_debug_link_checksum),
		cmocka_unit_test(test_foreign_debug_file),
		cmocka_unit_test(test_build_id),
		cmocka_unit_test(test_supplement),
		cmocka_unit_test(test_no_descriptor_stays_open),
		cmocka_unit_test(test_no_network),
	};

	return cmocka_run_group_tests(tests, temporary_make, temporary_remove);
}
