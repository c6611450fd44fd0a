/* SPDX-License-Identifier: MIT */
/* Loading the plug-in: what is said when there is none, and that a busy linker does not hang us. */
#include "report/guard.h"
#include "report/load.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* Of an object that is there for sure, but is no plug-in. */
static const char *other_library(void)
{
	const struct link_map *map = NULL;
	void *self = dlopen("libcmocka.so.0", RTLD_LAZY | RTLD_NOLOAD);

	return self && dlinfo(self, RTLD_DI_LINKMAP, (void *)&map) == 0 ? map->l_name : NULL;
}

static int status_of(int (*scenario)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(scenario());
	waitpid(child, &status, 0);
	return status;
}

static int missing(void)
{
	const char *why = NULL;

	load_init("/nowhere/report.so");
	if (load_plugin(LOAD_IN_PASSING, &why) || !why || !strstr(why, "/nowhere/report.so"))
		return 1;
	return load_plugin(LOAD_PATIENTLY, &why) || !why;
}

static int not_a_plugin(void)
{
	const char *why = NULL;

	load_init(other_library());
	return load_plugin(LOAD_IN_PASSING, &why) || !why || !strstr(why, "is of another version");
}

static int real_one(void)
{
	const struct report_plugin *plugin;
	const char *why = "";

	load_init(REPORT_PLUGIN);
	plugin = load_plugin(LOAD_IN_PASSING, &why);
	return !plugin || why || !plugin->write_json || !plugin->symbolize_code;
}

static void test_real_one(void **state)
{
	(void)state;
	assert_int_equal(status_of(real_one), 0);
}

static void *sleep_forever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static int missing_with_threads(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, sleep_forever, NULL);
	return missing();
}

static void test_reasons(void **state)
{
	(void)state;
	assert_int_equal(status_of(missing), 0);
	assert_int_equal(status_of(missing_with_threads), 0);
	if (other_library())
		assert_int_equal(status_of(not_a_plugin), 0);
}

static int keep_linker_busy(struct dl_phdr_info *info, size_t size, void *may_begin)
{
	(void)info;
	(void)size;
	pthread_barrier_wait(may_begin);
	sleep_forever(NULL);
	return 1;
}

/* dl_iterate_phdr holds the lock that dlopen needs to add an object. */
static void *hold_linker(void *may_begin)
{
	dl_iterate_phdr(keep_linker_busy, may_begin);
	return NULL;
}

static int busy(void)
{
	pthread_barrier_t may_begin;
	struct timespec begin, end;
	const char *why = NULL;
	pthread_t thread;

	load_init("libresolv.so.2"); /* of libc, and not loaded yet */
	pthread_barrier_init(&may_begin, NULL, 2);
	pthread_create(&thread, NULL, hold_linker, &may_begin);
	pthread_barrier_wait(&may_begin);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	if (load_plugin(LOAD_IN_PASSING, &why) || !why || !strstr(why, "busy"))
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (end.tv_sec - begin.tv_sec > 4)
		return 2;
	load_plugin(LOAD_IN_PASSING, &why); /* must not wait again */
	clock_gettime(CLOCK_MONOTONIC, &begin);
	return begin.tv_sec - end.tv_sec > 1 ? 3 : 0;
}

static void test_busy_linker(void **state)
{
	(void)state;
	assert_int_equal(status_of(busy), 0);
}

static int guarded_twice(void)
{
	struct guard guard, again;

	if (!guard_enter(&guard) || guard_enter(&again))
		return 1;
	guard_leave(&guard);
	return !guard_enter(&guard);
}

static void test_guard(void **state)
{
	(void)state;
	assert_int_equal(status_of(guarded_twice), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real_one),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_busy_linker),
		cmocka_unit_test(test_guard),
	};

	return cmocka_run_group_tests_name("report load", tests, NULL, NULL);
}
