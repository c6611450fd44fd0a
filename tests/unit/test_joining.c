/* SPDX-License-Identifier: MIT */
/* How long `record --live` waits for its report. */
#include "cli/joining.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define LONG_MS 60000
#define SHORT_MS 50

enum report { JOINS, JOINS_TWICE, ENDS, SLEEPS };

static pid_t start(const struct joining *joining, enum report report)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child)
		return child;
	close(joining->own); /* as if it had executed */
	joining_pass_on(joining);
	if (report == JOINS || report == JOINS_TWICE)
		joining_tell();
	if (report == JOINS_TWICE) /* the one that waited has gone */
		nanosleep(&(struct timespec){0, SHORT_MS * 1000000L}, NULL);
	if (report == JOINS_TWICE)
		joining_tell();
	if (report == SLEEPS)
		pause();
	_exit(0);
}

static int end(pid_t child, int signal)
{
	int status;

	if (signal)
		kill(child, signal);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void until_it_has_joined(void **state)
{
	struct joining joining;
	pid_t child;

	(void)state;
	joining_begin(&joining);
	child = start(&joining, JOINS);
	assert_true(joining_wait(&joining, LONG_MS));
	assert_int_equal(end(child, 0), 0);
}

/* One that broke down and began anew. */
static void nobody_need_listen(void **state)
{
	struct joining joining;
	pid_t child;

	(void)state;
	joining_begin(&joining);
	child = start(&joining, JOINS_TWICE);
	assert_true(joining_wait(&joining, LONG_MS));
	assert_int_equal(end(child, 0), 0);
}

static void not_for_one_that_ends(void **state)
{
	struct joining joining;
	pid_t child;

	(void)state;
	joining_begin(&joining);
	child = start(&joining, ENDS);
	assert_true(joining_wait(&joining, LONG_MS));
	assert_int_equal(end(child, 0), 0);
}

static void not_for_ever(void **state)
{
	struct joining joining;
	pid_t child;

	(void)state;
	joining_begin(&joining);
	child = start(&joining, SLEEPS);
	assert_false(joining_wait(&joining, SHORT_MS));
	end(child, SIGKILL);
}

static void not_without_descriptors(void **state)
{
	struct rlimit before, none;
	struct joining joining;
	pid_t child;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	joining_begin(&joining);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	child = start(&joining, SLEEPS);
	assert_true(joining_wait(&joining, LONG_MS));
	end(child, SIGKILL);
}

static void nobody_waits(void **state)
{
	(void)state;
	unsetenv("PYTHREAD_TRACE_JOINING");
	joining_tell();
	setenv("PYTHREAD_TRACE_JOINING", "nonsense", 1);
	joining_tell();
	unsetenv("PYTHREAD_TRACE_JOINING");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(until_it_has_joined),	   cmocka_unit_test(nobody_need_listen),
		cmocka_unit_test(not_for_one_that_ends),   cmocka_unit_test(not_for_ever),
		cmocka_unit_test(not_without_descriptors), cmocka_unit_test(nobody_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
