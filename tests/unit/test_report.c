/* SPDX-License-Identifier: MIT */
/* The text report, to the letter, and what is told when. */
#include "report_fakes.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define HEADLINE "==PID==ERROR: pythread-trace: tss-set-before-create: set without create\n"
#define FRAMES                                                                                     \
	"    #0 0x111f3 in store buggy.c:41 (buggy.so+0x11f3)\n"                                   \
	"    #1 0x401234 in _PyEval_EvalFrameDefault (python3.11+0x401234)\n"                      \
	"    #2 0x770000 (in no library)\n"                                                        \
	"  Python stack (most recent call last):\n"                                                \
	"    File \"app.py\", line 30, in main\n"                                                  \
	"    File \"app.py\", line 12, in store_it\n"
#define OBJECT "==PID==  key 0x14010 (slot 0) cache_key in buggy.so, thread PID \"python3\"\n"
#define KEYS "; 5 keys live of 1024; hooked 1 of 2\n"

static struct options options;
static struct outcome outcome;

static void expect(int (*scenario)(void), const char *text)
{
	run_scenario(scenario, &outcome);
	assert_string_equal(outcome.text, text);
	assert_true(WIFEXITED(outcome.status));
	assert_int_equal(WEXITSTATUS(outcome.status), 0);
}

static int one_error(void)
{
	fake_start(&options);
	errno = EDOM;
	fake_report(FINDING_TSS_SET_BEFORE_CREATE, "set without create");
	return errno == EDOM ? 0 : 1;
}

static void test_error_at_once(void **state)
{
	(void)state;
	expect(one_error, HEADLINE OBJECT FRAMES);
}

static int two_stories(void)
{
	struct finding finding = fake_finding(FINDING_TSS_SET_AFTER_DELETE, "set after delete");

	finding.object = (struct finding_object){.type = OBJECT_TSS_KEY,
						 .address = HEAP_KEY,
						 .slot = NO_SLOT,
						 .name = "my cache",
						 .creator = BUGGY_CALLER};
	fake_add_story(&finding, ROLE_HERE, "here", SITE_STORE);
	fake_add_story(&finding, ROLE_DELETED, "key deleted", SITE_CLEANUP);
	fake_add_story(&finding, ROLE_CREATED, "key created", SITE_NOWHERE);
	fake_start(&options);
	report_finding(&finding, true);
	return 0;
}

static void test_stories(void **state)
{
	(void)state;
	expect(two_stories, "==PID==ERROR: pythread-trace: tss-set-after-delete: set after delete\n"
			    "==PID==  key 0x990000 \"my cache\" created by buggy.so, thread PID "
			    "\"python3\"\n" FRAMES "  key deleted by thread 4244:\n"
			    "    #0 0x11300 in cleanup /src/my ext/buggy.c:77 (buggy.so+0x1300)\n"
			    "  no Python stack: the thread does not hold the GIL\n"
			    "  key created by thread 4243:\n"
			    "    #0 0x111f3 in store buggy.c:41 (buggy.so+0x11f3)\n"
			    "    no further frames: libunwind could not be loaded\n"
			    "  no Python stack: the thread does not hold the GIL\n");
}

static int repeats(void)
{
	fake_start(&options);
	for (int i = 0; i < 3; i++)
		fake_report(FINDING_TSS_SET_BEFORE_CREATE, "set without create");
	report_write(-1, true);
	report_write(-1, true);
	return 0;
}

static void test_repeats_are_counted(void **state)
{
	(void)state;
	expect(repeats, HEADLINE OBJECT FRAMES
	       "==PID==  seen 3 times: tss-set-before-create: set without create\n"
	       "==PID==SUMMARY: pythread-trace: 1 error, 0 warnings, 0 leaks, 0 notes" KEYS
	       "==PID==SUMMARY: pythread-trace: 1 error, 0 warnings, 0 leaks, 0 notes" KEYS);
}

/* The interpreter's frames differ, what called and the Python stack do not. */
static int from_one_line(void)
{
	struct site site = SITE_STORE;

	fake_start(&options);
	for (uint32_t i = 0; i < 2; i++) {
		struct finding finding = fake_finding(FINDING_TSS_COPIED, "copied");

		site.native = i ? 4 : 1;
		fake_add_story(&finding, ROLE_HERE, "here", site);
		report_finding(&finding, true);
		finding.story[0].site.python = 9; /* then the native stacks decide */
		report_finding(&finding, true);
	}
	report_write(-1, true);
	return 0;
}

static void test_specialised_code_is_one_place(void **state)
{
	(void)state;
	run_scenario(from_one_line, &outcome);
	assert_non_null(strstr(outcome.text, "0 errors, 3 warnings"));
	assert_non_null(strstr(outcome.text, "seen 2 times: tss-copied"));
}

static int told_later(void)
{
	struct finding finding = fake_finding(FINDING_TSS_SET_BEFORE_CREATE, "set without create");

	options.on_error = ON_ERROR_ABORT;
	fake_add_story(&finding, ROLE_HERE, "here", SITE_STORE);
	fake_start(&options);
	report_finding(&finding, false);
	if (write(STDERR_FILENO, "nothing yet\n", 12) != 12)
		return 1;
	report_write(-1, true);
	return 0;
}

static void test_from_signal_handler(void **state)
{
	(void)state;
	expect(told_later,
	       "nothing yet\n" HEADLINE OBJECT FRAMES
	       "==PID==SUMMARY: pythread-trace: 1 error, 0 warnings, 0 leaks, 0 notes" KEYS);
}

static int without_stacks(void)
{
	struct finding finding = fake_finding(FINDING_TSS_COPIED, "copied");

	fake_add_story(&finding, ROLE_HERE, "here", SITE_NOWHERE);
	fake_start(&options);
	report_finding(&finding, true);
	report_finding(&finding, true);
	finding.object.address = HEAP_KEY;
	report_finding(&finding, true);
	report_write(-1, true);
	return 0;
}

static void test_no_stack_object_tells_apart(void **state)
{
	(void)state;
	run_scenario(without_stacks, &outcome);
	assert_non_null(strstr(outcome.text, "0 errors, 2 warnings"));
	assert_non_null(strstr(outcome.text, "seen 2 times: tss-copied"));
}

static int leaks_and_notes(void)
{
	for (int i = 0; i < 2; i++) {
		struct finding finding = fake_finding(FINDING_TSS_KEY_GROWTH, "grows");

		fake_add_story(&finding, ROLE_CREATED, "keys created", SITE_CLEANUP);
		finding.count = 9;
		if (i == 0)
			fake_start(&options);
		report_forget_leaks();
		report_finding(&finding, true);
		finding.kind = FINDING_TSS_KEY_LIVE;
		report_finding(&finding, true);
		if (i == 0)
			fake_report(FINDING_TSS_VALUE_LEFT, "left");
		report_write(-1, true);
	}
	return 0;
}

#define GROWTH                                                                                     \
	"==PID==LEAK: pythread-trace: tss-key-growth: grows\n"                                     \
	"==PID==  key 0x14010 (slot 0) cache_key in buggy.so, thread 4244\n"                       \
	"  keys created by thread 4244:\n"                                                         \
	"    #0 0x11300 in cleanup /src/my ext/buggy.c:77 (buggy.so+0x1300)\n"                     \
	"  no Python stack: the thread does not hold the GIL\n"                                    \
	"==PID==SUMMARY: pythread-trace: 0 errors, 0 warnings, 1 leak, 2 notes" KEYS

static void test_leaks_wait_and_are_told_anew(void **state)
{
	(void)state;
	expect(leaks_and_notes, GROWTH GROWTH);
}

static int notes_with(struct options *given)
{
	fake_start(given);
	fake_report(FINDING_TSS_VALUE_LEFT, "left");
	report_write(0, true);
	return 0;
}

static int verbose_notes(void)
{
	options.verbose = true;
	return notes_with(&options);
}

static void test_verbose(void **state)
{
	(void)state;
	expect(verbose_notes,
	       "==PID==NOTE: pythread-trace: tss-value-left: left\n" OBJECT FRAMES "  Hooks:\n"
	       "         calls  function\n"
	       "            12  PyThread_tss_create (redirected)\n"
	       "             0  PyThread_tss_set (not hooked: not exported)\n"
	       "  Keys by library (5 keys live of 1024, 7 at most):\n"
	       "          live    created  library\n"
	       "             4          6  buggy.so\n"
	       "             1          1  (nobody saw who created them)\n"
	       "==PID==SUMMARY: pythread-trace: 0 errors, 0 warnings, 0 leaks, 1 note" KEYS);
}

static int strict_notes(void)
{
	options.leak_check = LEAK_CHECK_STRICT;
	return notes_with(&options);
}

static void test_strict(void **state)
{
	(void)state;
	expect(strict_notes,
	       "==PID==LEAK: pythread-trace: tss-value-left: left\n" OBJECT FRAMES
	       "==PID==SUMMARY: pythread-trace: 0 errors, 0 warnings, 1 leak, 0 notes" KEYS);
}

static int quiet_notes(void)
{
	options.quiet = true;
	return notes_with(&options);
}

static int quiet_error(void)
{
	options.quiet = true;
	fake_start(&options);
	fake_report(FINDING_TSS_SET_BEFORE_CREATE, "set without create");
	report_write(0, true);
	return 0;
}

static void test_quiet(void **state)
{
	(void)state;
	expect(quiet_notes, "");
	expect(quiet_error, HEADLINE OBJECT FRAMES
	       "==PID==SUMMARY: pythread-trace: 1 error, 0 warnings, 0 leaks, 0 notes" KEYS);
}

static int exhausted(void)
{
	struct finding finding = fake_finding(FINDING_KEYS_EXHAUSTED, "no key left");

	finding.object.type = OBJECT_NONE;
	fake_add_story(&finding, ROLE_HERE, "here", SITE_CLEANUP);
	fake_start(&options);
	fake_facts.dropped = 3;
	report_finding(&finding, true);
	report_write(0, true);
	return 0;
}

static void test_exhausted_names_owners(void **state)
{
	(void)state;
	expect(exhausted,
	       "==PID==ERROR: pythread-trace: keys-exhausted: no key left\n"
	       "==PID==  thread PID \"python3\"\n"
	       "    #0 0x11300 in cleanup /src/my ext/buggy.c:77 (buggy.so+0x1300)\n"
	       "  no Python stack: the thread does not hold the GIL\n"
	       "  Keys by library (5 keys live of 1024, 7 at most):\n"
	       "          live    created  library\n"
	       "             4          6  buggy.so\n"
	       "             1          1  (nobody saw who created them)\n"
	       "==PID==SUMMARY: pythread-trace: 1 error, 0 warnings, 0 leaks, 0 notes; 5 keys "
	       "live of 1024; hooked 1 of 2; 3 dropped for lack of memory or time\n");
}

static int hostile(void)
{
	struct finding finding = fake_finding(FINDING_KEY_FOREIGN, "tab\there");

	finding.object = (struct finding_object){.type = OBJECT_LEGACY_KEY,
						 .slot = 5,
						 .name = "n\x1b",
						 .victim = BUGGY_CALLER,
						 .creator = BUGGY_CALLER};
	fake_add_story(&finding, ROLE_HERE, "here", SITE_ODD);
	fake_start(&options);
	report_finding(&finding, true);
	return 0;
}

static void test_control_characters(void **state)
{
	(void)state;
	expect(hostile,
	       "==PID==WARNING: pythread-trace: key-foreign: tab\\x09here\n"
	       "==PID==  key 5 \"n\\x1b\" created by buggy.so, thread PID \"python3\"\n"
	       "==PID==  slot 5 belongs to another key, created by buggy.so\n"
	       "    #0 0x11400 in odd\\x1b[2J\\x7f\\xc2\\x9b a\\x0ab.c:1 (buggy.so+0x1400)\n"
	       "  Python stack (most recent call last):\n"
	       "    File \"caf\xc3\xa9/\\xff.py\", in f\\x1b[31m\\x0a\n");
}

static int no_plugin(void)
{
	fake_plugin_missing = true;
	return two_stories();
}

static void test_bare_addresses(void **state)
{
	(void)state;
	run_scenario(no_plugin, &outcome);
	assert_non_null(strstr(outcome.text, "==PID==  no names for addresses: report.so: cannot "
					     "open shared object file\n"
					     "    #0 0x111f3 (buggy.so+0x11f3)\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_at_once),
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_repeats_are_counted),
		cmocka_unit_test(test_specialised_code_is_one_place),
		cmocka_unit_test(test_from_signal_handler),
		cmocka_unit_test(test_no_stack_object_tells_apart),
		cmocka_unit_test(test_leaks_wait_and_are_told_anew),
		cmocka_unit_test(test_verbose),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_exhausted_names_owners),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_bare_addresses),
	};

	options_for_test(&options);
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
