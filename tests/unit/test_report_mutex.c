/* SPDX-License-Identifier: MIT */
/* What the text report says of mutexes, to the letter, and when. */
#include "report_mutex_fakes.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct options options;
static struct outcome outcome;

static int start(void **state)
{
	(void)state;
	options_for_test(&options);
	return 0;
}

#define STORE                                                                                      \
	"    #0 0x111f3 in store buggy.c:41 (buggy.so+0x11f3)\n"                                   \
	"    #1 0x401234 in _PyEval_EvalFrameDefault (python3.11+0x401234)\n"                      \
	"    #2 0x770000 (in no library)\n"                                                        \
	"  Python stack (most recent call last):\n"                                                \
	"    File \"app.py\", line 30, in main\n"                                                  \
	"    File \"app.py\", line 12, in store_it\n"
#define CLEANUP                                                                                    \
	"    #0 0x11300 in cleanup /src/my ext/buggy.c:77 (buggy.so+0x1300)\n"                     \
	"  no Python stack: the thread does not hold the GIL\n"
#define HEAD(severity, kind)                                                                       \
	"==PID==" severity ": pythread-trace: " kind ": something about a mutex\n"                 \
	"==PID==  mutex 0x14020 \"queue\" in buggy.so, thread PID \"python3\"\n" STORE             \
	"  mutex locked by thread 4244:\n" CLEANUP
#define WAITS                                                                                      \
	"  Threads waiting for mutexes:\n"                                                         \
	"  thread PID \"python3\" has waited 12.345 s for mutex 0x14010 \"table lock\" cache_key " \
	"in buggy.so:\n" STORE                                                                     \
	"  thread 4244 has held it for 12.400 s, and took it here:\n" CLEANUP                      \
	"  thread 4245 has waited 0.002 s for mutex 0x990000 first used by buggy.so:\n" CLEANUP    \
	"  nobody saw who took it\n"
#define COLUMNS                                                                                    \
	"    acquired  contended  owner changes      wait  longest    hold  longest  seen   "      \
	"mutex\n"
#define NAMED                                                                                      \
	"     1200345       5521           4100  1203.520   10.250  80.000    1.005  all    "      \
	"\"table lock\" cache_key in buggy.so"
#define STRIPPED                                                                                   \
	"         877         12              8     9.000    3.000   2.000    1.000  armed  "      \
	"buggy.so+0x4020"
#define HEAP                                                                                       \
	"          31         31              0     0.020    0.020       -        -  part   "      \
	"0x990000"
#define AT_STORE " in store buggy.c:41 (buggy.so+0x11f3)"
#define AT_CLEANUP " in cleanup /src/my ext/buggy.c:77 (buggy.so+0x1300)\n"
#define LEGEND                                                                                     \
	"    seen all: every acquisition\n"                                                        \
	"    seen armed: every acquisition since the second that had to wait\n"                    \
	"    seen part: acquisitions that had to wait; others are inlined into the extension "     \
	"and invisible: see pymutex.h in libpythread-trace(3)\n"
#define TABLE                                                                                      \
	"  Mutexes that threads waited for (3 of 3, what costs most first; times in "              \
	"ms):\n" COLUMNS NAMED "\n" STRIPPED ", first used" AT_CLEANUP HEAP                        \
	", first used" AT_STORE "\n" LEGEND
#define SUMMARY(errors, notes)                                                                     \
	"==PID==SUMMARY: pythread-trace: " errors ", 0 warnings, 0 leaks, " notes                  \
	"; 5 keys live of 1024; hooked 1 of 2\n"

static void expect(int (*scenario)(void), const char *text)
{
	run_scenario(scenario, &outcome);
	assert_string_equal(outcome.text, text);
	assert_true(WIFEXITED(outcome.status));
	assert_int_equal(WEXITSTATUS(outcome.status), 0);
}

static int table(void)
{
	fake_mutexes();
	fake_start(&options);
	report_write(0, true);
	return 0;
}

static void test_table(void **state)
{
	(void)state;
	expect(table, TABLE SUMMARY("0 errors", "0 notes"));
}

static void test_verbose_table(void **state)
{
	(void)state;
	options.verbose = true;
	run_scenario(table, &outcome);
	assert_non_null(strstr(
		outcome.text,
		"  Mutexes (5 of 5, what costs most first; times in ms):\n" COLUMNS NAMED
		"\n        first used" AT_STORE ", app.py:12\n        waited for longest" AT_CLEANUP
		"           9          9              0    90.000   10.000       -        -  part  "
		" "
		"python3.11+0x450000 (the interpreter's own)\n        first used" AT_CLEANUP
		"        waited for longest" AT_CLEANUP STRIPPED "\n        first used" AT_CLEANUP
		"        waited for longest" AT_STORE ", app.py:12\n" HEAP
		"\n        first used" AT_STORE "\n        waited for longest" AT_CLEANUP
		"           3          0              0         -        -   0.003    0.002  all   "
		" "
		"cache_key+0x4 in buggy.so\n        first used" AT_STORE "\n" LEGEND
		"==PID==SUMMARY"));
}

static void test_quiet(void **state)
{
	(void)state;
	options.quiet = true;
	expect(table, "");
}

/* Twelve of one kind: the first ten are shown. */
static int many(void)
{
	static struct report_mutex mutexes[12];

	fake_mutexes();
	for (unsigned int i = 0; i < countof(mutexes); i++) {
		mutexes[i] = fake_facts.mutexes[0];
		mutexes[i].acquired = i;
	}
	fake_facts.mutexes = mutexes;
	fake_facts.mutex_count = countof(mutexes);
	fake_start(&options);
	report_write(0, true);
	return 0;
}

static void test_ten_at_most(void **state)
{
	(void)state;
	run_scenario(many, &outcome);
	assert_non_null(strstr(outcome.text, "(10 of 12, what costs most first"));
	assert_non_null(strstr(outcome.text, "\n           9       5521 "));
	assert_null(strstr(outcome.text, "\n          10       5521 "));
	options.verbose = true;
	run_scenario(many, &outcome);
	assert_non_null(strstr(outcome.text, "\n          11       5521 "));
}

static int uncontended(void)
{
	fake_mutexes();
	fake_facts.mutexes += 4; /* that nobody waited for */
	fake_facts.mutex_count = 1;
	fake_plugin_missing = true; /* nor is it asked for */
	fake_facts.rescues = 2;
	fake_start(&options);
	report_write(0, true);
	return 0;
}

static void test_nothing_contended(void **state)
{
	(void)state;
	expect(uncontended, "  Waits that ended late, because no unlock had woken the waiting "
			    "thread: 2\n" SUMMARY("0 errors", "0 notes"));
}

static int table_without_plugin(void)
{
	fake_plugin_missing = true;
	return table();
}

static void test_bare_addresses(void **state)
{
	static const char first[] =
		"==PID==  no names for addresses: report.so: cannot open shared "
		"object file\n  Mutexes";

	(void)state;
	run_scenario(table_without_plugin, &outcome);
	assert_int_equal(strncmp(outcome.text, first, strlen(first)), 0);
	assert_non_null(strstr(outcome.text, "  \"table lock\" in buggy.so\n"));
	assert_non_null(strstr(outcome.text, "0x990000, first used (buggy.so+0x11f3)\n"));
}

static int final_waits(void)
{
	fake_waits();
	fake_start(&options);
	report_write(0, true);
	return 0;
}

static void test_waits_in_the_report(void **state)
{
	(void)state;
	expect(final_waits, WAITS SUMMARY("0 errors", "0 notes"));
	options.quiet = true;
	expect(final_waits, "");
}

static enum finding_kind kind;

static int finding_while_waiting(void)
{
	fake_waits();
	fake_mutexes();
	fake_start(&options);
	fake_mutex_finding(kind, 0);
	return 0;
}

static void test_waits_at_once(void **state)
{
	(void)state;
	kind = FINDING_HANG;
	run_scenario(finding_while_waiting, &outcome); /* told by the watchdog, not the thread */
	assert_non_null(strstr(outcome.text, "mutex 0x14020 \"queue\" in buggy.so, thread 4243\n"));
	assert_non_null(strstr(outcome.text, WAITS));
	kind = FINDING_MUTEX_DEADLOCK;
	expect(finding_while_waiting, HEAD("ERROR", "mutex-deadlock") WAITS);
	kind = FINDING_MUTEX_SELF_DEADLOCK;
	expect(finding_while_waiting, HEAD("ERROR", "mutex-self-deadlock") WAITS);
	kind = FINDING_MUTEX_LOCK_ORDER;
	expect(finding_while_waiting, HEAD("WARNING", "mutex-lock-order"));
}

static int two_hangs(void)
{
	fake_start(&options);
	fake_mutex_finding(FINDING_HANG, 0);
	fake_waits();
	fake_mutex_finding(FINDING_HANG, 0);
	fake_facts.wait_count = 0;
	report_write(0, true);
	return 0;
}

/* With what is waited for then; the end of the process may never come. */
static void test_each_hang_is_told(void **state)
{
	static const char again[] = "==PID==  seen 2 times: hang: something about a mutex\n" WAITS;
	const char *found;

	(void)state;
	run_scenario(two_hangs, &outcome);
	found = strstr(outcome.text, again);
	assert_non_null(found);
	assert_null(strstr(found + strlen(again), "seen 2 times"));
	assert_non_null(strstr(outcome.text, SUMMARY("1 error", "0 notes")));
}

static int long_hold(void)
{
	fake_start(&options);
	fake_mutex_finding(FINDING_MUTEX_LONG_HOLD, 0);
	report_write(0, true);
	return 0;
}

/* A note, but one that was asked for. */
static void test_long_hold_is_shown(void **state)
{
	(void)state;
	expect(long_hold, HEAD("NOTE", "mutex-long-hold") SUMMARY("0 errors", "1 note"));
}

/* What only a complete report shows is not even asked for. */
static int told_at_once(void)
{
	fake_waits();
	fake_mutexes();
	fake_start(&options);
	fake_mutex_finding(kind, 0);
	return fake_wanted.mutexes << 1 | fake_wanted.waits;
}

static int wanted_at_the_end(void)
{
	fake_start(&options);
	report_write(0, true);
	return fake_wanted.mutexes << 1 | fake_wanted.waits;
}

static void test_what_is_asked_for(void **state)
{
	static const struct {
		int (*scenario)(void);
		enum finding_kind kind;
		enum report_format format;
		int wanted;
	} cases[] = {
		{told_at_once, FINDING_MUTEX_LOCK_ORDER, FORMAT_TEXT, 0},
		{told_at_once, FINDING_MUTEX_DEADLOCK, FORMAT_TEXT, 1},
		{told_at_once, FINDING_HANG, FORMAT_TEXT, 1},
		{told_at_once, FINDING_MUTEX_LOCK_ORDER, FORMAT_JSON, 0}, /* to standard error */
		{wanted_at_the_end, 0, FORMAT_TEXT, 3},
		{wanted_at_the_end, 0, FORMAT_JSON, 3},
		{wanted_at_the_end, 0, FORMAT_SARIF, 1},
	};

	(void)state;
	for (unsigned int i = 0; i < countof(cases); i++) {
		kind = cases[i].kind;
		options.format = cases[i].format;
		run_scenario(cases[i].scenario, &outcome);
		if (WEXITSTATUS(outcome.status) != cases[i].wanted)
			fail_msg("case %u: %d is asked for", i, WEXITSTATUS(outcome.status));
	}
}

static unsigned int others;

static int ring(void)
{
	fake_start(&options);
	fake_mutex_finding(FINDING_MUTEX_LOCK_ORDER, others);
	return 0;
}

static void test_other_mutexes(void **state)
{
	(void)state;
	others = 1;
	run_scenario(ring, &outcome);
	assert_non_null(strstr(outcome.text,
			       "thread PID \"python3\"\n"
			       "==PID==  the other mutex: 0x14010 \"index\" cache_key in buggy.so\n"
			       "    #0 "));
	others = 2;
	run_scenario(ring, &outcome);
	assert_non_null(
		strstr(outcome.text,
		       "==PID==  the next mutex of the ring: 0x14010 \"index\" cache_key in "
		       "buggy.so\n"
		       "==PID==  the next mutex of the ring: 0x990000 first used by buggy.so\n"
		       "    #0 "));
}

/* Where the memory that a mutex was in is used for something else now. */
static int at_a_place_taken_anew(void)
{
	static struct report_mutex mutexes[2];
	struct finding finding = fake_finding(FINDING_MUTEX_LOCK_ORDER, "orders");

	fake_mutexes();
	fake_waits();
	mutexes[0] = fake_facts.mutexes[0];
	mutexes[0].name = NULL;
	mutexes[0].module = 0;
	mutexes[1] = mutexes[0];
	mutexes[1].module = PYTHON;
	fake_facts.mutexes = mutexes;
	fake_facts.mutex_count = countof(mutexes);
	((struct report_wait *)fake_facts.waits)[0].module = 0;
	finding.object = fake_mutex(BUGGY_KEY, 0, NULL);
	finding.other[finding.others++] = fake_mutex(BUGGY_KEY, PYTHON, NULL);
	fake_add_story(&finding, ROLE_HERE, "here", SITE_STORE);
	fake_start(&options);
	report_finding(&finding, true);
	report_write(0, true);
	return 0;
}

static void test_where_it_was_at_first(void **state)
{
	(void)state;
	run_scenario(at_a_place_taken_anew, &outcome);
	assert_non_null(strstr(outcome.text, "mutex 0x14010 first used by buggy.so, thread"));
	assert_non_null(strstr(outcome.text, "the other mutex: 0x14010 in python3.11\n"));
	assert_non_null(strstr(outcome.text, "for mutex 0x14010 \"table lock\" first used by "
					     "buggy.so:\n"));
	assert_non_null(strstr(outcome.text, "  all    0x14010, first used" AT_STORE));
	assert_non_null(strstr(outcome.text, "  all    python3.11+0x14010, first used" AT_STORE));
	assert_null(strstr(outcome.text, "cache_key"));
}

static atomic_int other_thread;

static void *wait_named(void *unused)
{
	pthread_setname_np(pthread_self(), "wor\x1bker");
	atomic_store(&other_thread, gettid());
	pause();
	return unused;
}

/* And a mutex on the heap, whose first user is known. */
static int other_thread_named(void)
{
	struct site locked = SITE_CLEANUP;
	struct finding finding = fake_finding(FINDING_MUTEX_LOCK_ORDER, "orders");
	pthread_t thread;

	pthread_create(&thread, NULL, wait_named, NULL);
	while (!atomic_load(&other_thread))
		usleep(1000);
	locked.tid = atomic_load(&other_thread);
	finding.object = fake_mutex(HEAP_KEY, 0, NULL);
	fake_add_story(&finding, ROLE_LOCKED, "first mutex locked", locked);
	fake_start(&options);
	report_finding(&finding, true);
	return 0;
}

static void test_other_threads_are_named(void **state)
{
	(void)state;
	run_scenario(other_thread_named, &outcome);
	assert_non_null(strstr(outcome.text, "==PID==  mutex 0x990000 first used by buggy.so, "
					     "thread PID \"python3\"\n"
					     "  first mutex locked by thread "));
	assert_non_null(strstr(outcome.text, " \"wor\\x1bker\":\n    #0 0x11300 in cleanup"));
}

static int lockers(void)
{
	struct site locked = SITE_BARE;

	fake_start(&options);
	for (uintptr_t i = 0; i < 3; i++) {
		struct finding finding = fake_finding(FINDING_MUTEX_LOCK_ORDER, "orders");

		locked.caller = (const void *)(0x11300 + i / 2);
		fake_add_story(&finding, ROLE_HERE, "here", SITE_STORE);
		fake_add_story(&finding, ROLE_LOCKED, "mutex locked", locked);
		report_finding(&finding, true);
	}
	report_write(0, true);
	return 0;
}

static void test_bare_callers_tell_apart(void **state)
{
	(void)state;
	run_scenario(lockers, &outcome);
	assert_non_null(strstr(outcome.text, "0 errors, 2 warnings"));
	assert_non_null(strstr(outcome.text, "    no further frames: only the caller was noted\n"
					     "  no Python stack: only the caller was noted\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_table, start),
		cmocka_unit_test_setup(test_verbose_table, start),
		cmocka_unit_test_setup(test_quiet, start),
		cmocka_unit_test_setup(test_ten_at_most, start),
		cmocka_unit_test_setup(test_nothing_contended, start),
		cmocka_unit_test_setup(test_bare_addresses, start),
		cmocka_unit_test_setup(test_waits_in_the_report, start),
		cmocka_unit_test_setup(test_waits_at_once, start),
		cmocka_unit_test_setup(test_each_hang_is_told, start),
		cmocka_unit_test_setup(test_what_is_asked_for, start),
		cmocka_unit_test_setup(test_other_mutexes, start),
		cmocka_unit_test_setup(test_where_it_was_at_first, start),
		cmocka_unit_test_setup(test_long_hold_is_shown, start),
		cmocka_unit_test_setup(test_other_threads_are_named, start),
		cmocka_unit_test_setup(test_bare_callers_tell_apart, start),
	};

	return cmocka_run_group_tests_name("report of mutexes", tests, NULL, NULL);
}
