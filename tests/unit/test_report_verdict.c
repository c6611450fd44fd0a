/* SPDX-License-Identifier: MIT */
/* --fail-on and --error-exitcode, --on-error, and which processes speak at all. */
#include "report_fakes.h"
#include "surroundings.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct options options;
static struct outcome outcome;
static enum finding_kind kind;

static int start(void **state)
{
	(void)state;
	options_for_test(&options);
	options.error_exitcode = 66;
	return 0;
}

static int exit_status_of_kind(void)
{
	fake_start(&options);
	fake_report(kind, "something");
	return report_write(0, true) & 0xff; /* -1: 255 */
}

static void expect_status(enum finding_kind given, int status)
{
	kind = given;
	run_scenario(exit_status_of_kind, &outcome);
	assert_true(WIFEXITED(outcome.status));
	assert_int_equal(WEXITSTATUS(outcome.status), status);
}

static void test_fail_on_severity(void **state)
{
	(void)state;
	expect_status(FINDING_TSS_SET_BEFORE_CREATE, 66);
	expect_status(FINDING_TSS_KEY_LOST, 66);
	expect_status(FINDING_TSS_COPIED, 255);
	expect_status(FINDING_TSS_KEY_LIVE, 255);
	options.leak_check = LEAK_CHECK_STRICT;
	expect_status(FINDING_TSS_KEY_LIVE, 66);
}

static void test_fail_on_kind(void **state)
{
	(void)state;
	options.fail_on.severities = 0;
	options.fail_on.kinds = UINT64_C(1) << FINDING_TSS_COPIED;
	expect_status(FINDING_TSS_COPIED, 66);
	expect_status(FINDING_TSS_SET_BEFORE_CREATE, 255);
}

static void test_no_exitcode_asked_for(void **state)
{
	(void)state;
	options.error_exitcode = -1;
	expect_status(FINDING_TSS_SET_BEFORE_CREATE, 255);
}

static void test_abort_after_writing(void **state)
{
	(void)state;
	options.on_error = ON_ERROR_ABORT;
	kind = FINDING_TSS_SET_BEFORE_CREATE;
	run_scenario(exit_status_of_kind, &outcome);
	assert_true(WIFSIGNALED(outcome.status));
	assert_int_equal(WTERMSIG(outcome.status), SIGABRT);
	assert_non_null(strstr(outcome.text, "in store_it\n"));
	assert_null(strstr(outcome.text, "SUMMARY"));
	expect_status(FINDING_TSS_COPIED, 255);
}

static void test_stop(void **state)
{
	int status;

	(void)state;
	options.on_error = ON_ERROR_STOP;
	kind = FINDING_TSS_SET_BEFORE_CREATE;
	run_scenario(exit_status_of_kind, &outcome);
	assert_true(WIFSTOPPED(outcome.status));
	assert_int_equal(WSTOPSIG(outcome.status), SIGSTOP);
	kill(outcome.pid, SIGCONT);
	waitpid(outcome.pid, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 66);
}

static int child_says(bool follow, bool seen, bool found)
{
	pid_t child;
	int status;

	fake_start(&options);
	child = fork();
	if (child == 0) {
		report_after_fork(follow);
		if (found)
			fake_report(FINDING_TSS_COPIED, "in a child");
		_exit(report_write(0, seen) & 0xff);
	}
	waitpid(child, &status, 0);
	return 0;
}

static int idle_child(void)
{
	return child_says(true, false, false);
}

static int busy_child(void)
{
	return child_says(true, true, false);
}

static int buggy_child(void)
{
	return child_says(true, false, true);
}

static int child_not_followed(void)
{
	return child_says(false, true, true);
}

static void test_children(void **state)
{
	(void)state;
	run_scenario(idle_child, &outcome);
	assert_string_equal(outcome.text, "");
	run_scenario(busy_child, &outcome);
	assert_non_null(strstr(outcome.text, "SUMMARY: pythread-trace: 0 errors, 0 warnings"));
	run_scenario(buggy_child, &outcome);
	assert_non_null(strstr(outcome.text, "in a child"));
	assert_non_null(strstr(outcome.text, "0 errors, 1 warning,"));
	run_scenario(child_not_followed, &outcome);
	assert_string_equal(outcome.text, "");
}

/* What glibc still has in hand would hide that there is no more. */
static int no_memory(void)
{
	const struct rlimit none = {0, 0};
	unsigned int i;

	fake_start(&options);
	setrlimit(RLIMIT_AS, &none);
	for (i = 0; i < 3; i++)
		fake_report(FINDING_TSS_SET_BEFORE_CREATE, "no room");
	return report_write(0, true) & 0xff;
}

static void test_no_memory(void **state)
{
	(void)state;
	if (emulated()) {
		print_message("skipped: the emulator heeds no limit on memory\n");
		skip();
	}
	run_scenario(no_memory, &outcome);
	assert_true(WIFEXITED(outcome.status));
	assert_non_null(strstr(outcome.text, "pythread-trace: no memory is left"));
}

static atomic_int signals_seen;

/* NOLINTBEGIN(bugprone-signal-handler): that programs may do this is what is tested. */
static void on_signal(int signal)
{
	(void)signal;
	atomic_fetch_add(&signals_seen, 1);
	fake_report(FINDING_TSS_COPIED, "from a handler");
	report_write(-1, true);
}
/* NOLINTEND(bugprone-signal-handler) */

/* The end of a turn is where a thread that is cancelled may end. */
static void *report_much(void *unused)
{
	for (;;) {
		fake_report(FINDING_TSS_SET_BEFORE_CREATE, "from a thread");
		report_write(-1, true);
		pthread_testcancel();
	}
	return unused;
}

static int threads_and_signals(void)
{
	const struct timespec pause = {0, 1000000};
	pthread_t threads[3];

	alarm(60); /* rather than hang on a lock that nobody gives back */
	fake_start(&options);
	signal(SIGUSR1, on_signal);
	for (unsigned int i = 0; i < countof(threads); i++)
		pthread_create(&threads[i], NULL, report_much, NULL);
	for (unsigned int i = 0; i < 30; i++) {
		pthread_kill(threads[i % countof(threads)], SIGUSR1);
		nanosleep(&pause, NULL);
	}
	for (unsigned int i = 0; i < countof(threads); i++) {
		pthread_cancel(threads[i]);
		nanosleep(&pause, NULL);
	}
	for (unsigned int i = 0; i < countof(threads); i++)
		pthread_join(threads[i], NULL);
	report_write(0, true);
	return signals_seen > 0 ? 0 : 1;
}

static void test_threads_signals_cancellation(void **state)
{
	char *first;

	(void)state;
	run_scenario(threads_and_signals, &outcome);
	assert_int_equal(outcome.status, 0);
	first = strstr(outcome.text, "==ERROR:");
	assert_non_null(first);
	assert_null(strstr(first + 1, "==ERROR:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_fail_on_severity, start),
		cmocka_unit_test_setup(test_fail_on_kind, start),
		cmocka_unit_test_setup(test_no_exitcode_asked_for, start),
		cmocka_unit_test_setup(test_abort_after_writing, start),
		cmocka_unit_test_setup(test_stop, start),
		cmocka_unit_test_setup(test_children, start),
		cmocka_unit_test_setup(test_no_memory, start),
		cmocka_unit_test_setup(test_threads_signals_cancellation, start),
	};

	return cmocka_run_group_tests_name("report verdict", tests, NULL, NULL);
}
