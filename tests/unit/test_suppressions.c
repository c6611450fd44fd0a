/* SPDX-License-Identifier: MIT */
/* Suppression files: what matches, what is refused, what is told about them. */
#include "report_mutex_fakes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct options options;
static struct outcome outcome;
static char path[64];

static void write_rules(const char *text)
{
	FILE *file;

	snprintf(path, sizeof(path), "/tmp/test_suppressions.%d", (int)getpid());
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	options_for_test(&options);
	options.suppressions.count = 1;
	options.suppressions.path[0] = path;
	options.error_exitcode = 66;
}

static int two_findings(void)
{
	fake_start(&options);
	fake_report(FINDING_TSS_SET_BEFORE_CREATE, "suppressed or not");
	fake_report(FINDING_TSS_VALUE_LEFT, "a note");
	return report_write(0, true) & 0xff;
}

static bool suppresses(const char *rule)
{
	bool shown, counted;

	write_rules(rule);
	run_scenario(two_findings, &outcome);
	unlink(path);
	shown = strstr(outcome.text, "==ERROR");
	counted = strstr(outcome.text, "0 errors");
	assert_int_equal(shown, !counted);
	assert_int_equal(WEXITSTATUS(outcome.status), counted ? 255 : 66);
	return counted;
}

static void test_what_matches(void **state)
{
	static const char *const matching[] = {
		"tss-set-before-create:store",			  /* native function */
		"tss-set-before-create:tor",			  /* a part of it */
		"tss-set-before-create:^store$",		  /* the whole */
		"tss-set-before-create:^st*e$",			  /* a glob */
		"tss-set-before-create:_PyEval_*Frame",		  /* a frame further out */
		"tss-set-before-create:buggy.c$",		  /* file */
		"tss-set-before-create:/opt/lib/",		  /* module */
		"tss-set-before-create:^cache_key$",		  /* the object's symbol */
		"tss-set-before-create:^store_it$",		  /* Python function */
		"tss-set-before-create:^app.py$",		  /* Python file */
		"*:^store$",					  /* any kind */
		"# a comment\n\n \t# one more\n  *:^store$ \r\n", /* blanks */
		"tss-copied:store\ntss-set-before-create:st[op]ore\n*:st?re", /* the last one */
	};

	(void)state;
	for (unsigned int i = 0; i < countof(matching); i++) {
		if (!suppresses(matching[i]))
			fail_msg("%s does not match", matching[i]);
	}
}

static void test_what_does_not(void **state)
{
	static const char *const others[] = {
		"tss-get-before-create:store",
		"tss-set-before-create:^tore",
		"tss-set-before-create:stor$",
		"tss-set-before-create:^app$",
		"tss-set-before-create:STORE",
		"# *:store",
		"",
	};

	(void)state;
	for (unsigned int i = 0; i < countof(others); i++) {
		if (suppresses(others[i]))
			fail_msg("%s matches", others[i]);
	}
}

static int mutex_finding(void)
{
	struct finding finding = fake_finding(FINDING_MUTEX_LOCK_ORDER, "orders");

	finding.object = fake_mutex(BUGGY_KEY, BUGGY, "table lock");
	finding.other[0] = fake_mutex(RUNTIME_MUTEX, PYTHON, "queue");
	finding.others = 1;
	fake_add_story(&finding, ROLE_LOCKED, "mutex locked", SITE_ODD);
	fake_start(&options);
	report_finding(&finding, true);
	return 0;
}

static void test_mutexes_by_their_names(void **state)
{
	static const struct {
		const char *rule;
		bool matches;
	} rules[] = {
		{"mutex-lock-order:^table lock$", true}, {"mutex-lock-order:^cache_key$", true},
		{"mutex-lock-order:buggy.so$", true},	 {"mutex-deadlock:^table lock$", false},
		{"mutex-lock-order:^table$", false},	 {"mutex-lock-order:^queue$", true},
		{"mutex-lock-order:python3.11$", true},
	};

	(void)state;
	for (unsigned int i = 0; i < countof(rules); i++) {
		write_rules(rules[i].rule);
		run_scenario(mutex_finding, &outcome);
		unlink(path);
		if (!*outcome.text != rules[i].matches)
			fail_msg("%s: '%s'", rules[i].rule, outcome.text);
	}
}

static void test_summary_counts_them(void **state)
{
	(void)state;
	assert_true(suppresses("*:store"));
	assert_string_equal(outcome.text,
			    "==PID==SUMMARY: pythread-trace: 0 errors, 0 warnings, 0 leaks, 0 "
			    "notes, 2 suppressed; 5 keys live of 1024; hooked 1 of 2\n");
}

static void expect_refusal(const char *rules, const char *expected)
{
	struct options_error error = {""};
	char text[256];

	write_rules(rules);
	assert_false(report_init(&options, NULL, NULL, &error));
	snprintf(text, sizeof(text), expected, path);
	assert_string_equal(error.text, text);
	unlink(path);
}

static void test_bad_lines(void **state)
{
	(void)state;
	expect_refusal("# fine\ntss-copied:fine\nnot a rule\n",
		       "suppressions: %s:3: not of the form kind:pattern: not a rule");
	expect_refusal("tss-set:store",
		       "suppressions: %s:1: no kind of finding has the name tss-set");
	expect_refusal("mutex-frob:store",
		       "suppressions: %s:1: no kind of finding has the name mutex-frob");
	expect_refusal("\n*:\n", "suppressions: %s:2: the pattern is empty: *:");
}

static void test_unreadable(void **state)
{
	struct options_error error = {""};

	(void)state;
	options.suppressions.path[0] = "/nowhere/x.supp";
	assert_false(report_init(&options, NULL, NULL, &error));
	assert_string_equal(error.text, "suppressions: cannot read /nowhere/x.supp: No such file "
					"or directory");
	options.suppressions.path[0] = "/";
	assert_false(report_init(&options, NULL, NULL, &error));
	assert_string_equal(error.text, "suppressions: cannot read /: Is a directory");
}

static void test_unused_are_told(void **state)
{
	char line[128];

	(void)state;
	write_rules("tss-set-before-create:store\n\nkey-live:store\n");
	options.verbose = true;
	run_scenario(two_findings, &outcome);
	unlink(path);
	replace_pid(path, outcome.pid);
	snprintf(line, sizeof(line),
		 "  Suppressions that matched nothing:\n    key-live:store (%s:3)\n==", path);
	assert_non_null(strstr(outcome.text, line));
}

static void test_generated_rule_works(void **state)
{
	char rule[256], *begin;

	(void)state;
	options_for_test(&options);
	options.gen_suppressions = true;
	run_scenario(two_findings, &outcome);
	begin = strstr(outcome.text, "  suppression:\n");
	assert_non_null(begin);
	begin += strlen("  suppression:\n");
	snprintf(rule, sizeof(rule), "%.*s", (int)strcspn(begin, "\n"), begin);
	assert_string_equal(rule, "tss-set-before-create:^store$");
	assert_true(suppresses(rule));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_matches),
		cmocka_unit_test(test_what_does_not),
		cmocka_unit_test(test_mutexes_by_their_names),
		cmocka_unit_test(test_summary_counts_them),
		cmocka_unit_test(test_unused_are_told),
		cmocka_unit_test(test_generated_rule_works),
		/* These read rules in this very process, which stay. */
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests_name("suppressions", tests, NULL, NULL);
}
