/* SPDX-License-Identifier: MIT */
/* The options: every one of them, the defaults, and texts that mean no good. */
#include "options/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct options options;

static int reset(void **state)
{
	(void)state;
	options_default(&options);
	return 0;
}

static void good(const char *text)
{
	struct options_error error = {""};

	if (!options_parse(&options, text, &error))
		fail_msg("'%s' was refused: %s", text, error.text);
}

/* The message names the variable and has this in it. */
static void bad(const char *text, const char *message)
{
	struct options_error error = {""};
	struct options scratch;

	options_default(&scratch);
	if (options_parse(&scratch, text, &error))
		fail_msg("'%s' was accepted", text);
	if (strncmp(error.text, "PYTHREAD_TRACE_OPTIONS: ", 24) != 0)
		fail_msg("'%s' does not begin with the variable", error.text);
	if (!strstr(error.text, message))
		fail_msg("'%s' does not say '%s'", error.text, message);
	if (strpbrk(error.text, "\n\r\033"))
		fail_msg("the message for '%s' is not one plain line", text);
}

static void defaults_are_the_contract(void **state)
{
	(void)state;
	assert_null(options.output);
	assert_int_equal(options.format, FORMAT_TEXT);
	assert_int_equal(options.error_exitcode, -1);
	assert_int_equal(options.fail_on.severities, 1U << SEVERITY_ERROR | 1U << SEVERITY_LEAK);
	assert_int_equal(options.fail_on.kinds, 0);
	assert_int_equal(options.suppressions.count, 0);
	assert_false(options.gen_suppressions);
	assert_int_equal(options.leak_check, LEAK_CHECK_DEFAULT);
	assert_int_equal(options.on_error, ON_ERROR_REPORT);
	assert_true(options.python_stack);
	assert_int_equal(options.stack_depth, 32);
	assert_int_equal(options.mutex, MUTEX_MODE_AUTO);
	assert_true(options.watchdog_ms == 0);
	assert_int_equal(options.hang_exitcode, -1);
	assert_true(options.long_hold_ns == 0);
	assert_true(options.long_wait_ns == 0);
	assert_true(options.follow_fork);
	assert_false(options.interpreter);
	assert_int_equal(options.tracer, TRACER_AUTO);
	assert_null(options.trace);
	assert_null(options.url);
	assert_null(options.events);
	assert_null(options.context);
	assert_false(options.overwrite || options.live || options.snapshot);
	assert_false(options.quiet);
	assert_false(options.verbose);
	assert_int_equal(options.root, 0);
}

static void every_option_is_taken(void **state)
{
	(void)state;
	good("output=/tmp/%n-%p.%h.%%:format=json:error-exitcode=99:fail-on=note,tss-copied:"
	     "suppressions=a:gen-suppressions:leak-check=strict:on-error=abort:python-stack=off:"
	     "stack-depth=256:mutex=own:watchdog=2.5:hang-exitcode=98:long-hold=20:long-wait=0.25:"
	     "follow-fork=no:interpreter=yes:tracer=on:quiet:verbose:root=4242");
	assert_string_equal(options.output, "/tmp/%n-%p.%h.%%");
	assert_int_equal(options.format, FORMAT_JSON);
	assert_int_equal(options.error_exitcode, 99);
	assert_int_equal(options.fail_on.severities, 1U << SEVERITY_NOTE);
	assert_true(options.fail_on.kinds == (uint64_t)1 << FINDING_TSS_COPIED);
	assert_int_equal(options.suppressions.count, 1);
	assert_string_equal(options.suppressions.path[0], "a");
	assert_true(options.gen_suppressions);
	assert_int_equal(options.leak_check, LEAK_CHECK_STRICT);
	assert_int_equal(options.on_error, ON_ERROR_ABORT);
	assert_false(options.python_stack);
	assert_int_equal(options.stack_depth, 256);
	assert_int_equal(options.mutex, MUTEX_MODE_OWN);
	assert_true(options.watchdog_ms == 2500);
	assert_int_equal(options.hang_exitcode, 98);
	assert_true(options.long_hold_ns == 20000000);
	assert_true(options.long_wait_ns == 250000);
	assert_false(options.follow_fork);
	assert_true(options.interpreter);
	assert_int_equal(options.tracer, TRACER_ON);
	assert_true(options.quiet);
	assert_true(options.verbose);
	assert_int_equal(options.root, 4242);
}

static void other_values_are_taken(void **state)
{
	(void)state;
	good("format=sarif:leak-check=off:on-error=stop:python-stack=no:quiet=yes:quiet=off");
	assert_int_equal(options.format, FORMAT_SARIF);
	assert_int_equal(options.leak_check, LEAK_CHECK_OFF);
	assert_int_equal(options.on_error, ON_ERROR_STOP);
	assert_false(options.python_stack);
	assert_false(options.quiet);
}

static void dashes_and_underscores_are_the_same(void **state)
{
	(void)state;
	good("stack_depth=7:error-exitcode=1:gen_suppressions");
	assert_int_equal(options.stack_depth, 7);
	assert_int_equal(options.error_exitcode, 1);
	assert_true(options.gen_suppressions);
}

static void later_ones_win_and_files_add_up(void **state)
{
	(void)state;
	good("format=json:suppressions=one:format=text:suppressions=two:fail-on=note:fail-on=leak");
	assert_int_equal(options.format, FORMAT_TEXT);
	assert_int_equal(options.fail_on.severities, 1U << SEVERITY_LEAK);
	assert_int_equal(options.suppressions.count, 2);
	assert_string_equal(options.suppressions.path[1], "two");
}

static void empty_items_are_nothing(void **state)
{
	(void)state;
	good("");
	good("::quiet::");
	assert_true(options.quiet);
}

static void escapes_are_undone(void **state)
{
	(void)state;
	good("output=a\\:b\\\\c\\d=e:quiet");
	assert_string_equal(options.output, "a:b\\c\\d=e");
	assert_true(options.quiet);
	good("output=end\\");
	assert_string_equal(options.output, "end\\");
}

static void texts_are_private_copies(void **state)
{
	char text[] = "output=report";

	(void)state;
	good(text);
	memset(text, 'x', sizeof(text) - 1);
	assert_string_equal(options.output, "report");
}

static void bad_ones_are_named(void **state)
{
	(void)state;
	bad("bogus", "bogus: no such option");
	bad("bogus=1:quiet", "bogus: no such option");
	bad("=1", "no such option");
	bad("format", "format: a value is missing: text|json|sarif");
	bad("format=xml", "format: 'xml' is not one of text|json|sarif");
	bad("format=", "format: '' is not one of");
	bad("leak-check=all", "leak-check: 'all' is not one of off|default|strict");
	bad("on_error=die", "on-error: 'die' is not one of report|abort|stop");
	bad("python-stack=1", "python-stack: '1' is not one of on|off");
	bad("follow-fork=maybe", "follow-fork: 'maybe' is not one of yes|no");
	bad("quiet=2", "quiet: '2' is not one of");
	bad("output=", "output: '' is not a file name");
	bad("output=%d", "has a % that is not");
	bad("output=a%", "has a % that is not");
	bad("suppressions=", "suppressions: '' is not a file name");
	bad("mutex=mine", "mutex: 'mine' is not one of auto|own|forward");
	bad("hang-exitcode=256", "hang-exitcode: '256' is not a number from 0 to 255");
}

static void numbers_are_bounded(void **state)
{
	static const char *const texts[] = {
		"stack-depth=0",	  "stack-depth=257",
		"stack-depth=",		  "stack-depth=-1",
		"stack-depth= 1",	  "stack-depth=1x",
		"stack-depth=+1",	  "stack-depth=0x10",
		"error-exitcode=256",	  "root=0",
		"root=2147483648",	  "error-exitcode=-1",
		"stack-depth=4294967297", "stack-depth=99999999999999999999"};

	(void)state;
	for (size_t i = 0; i < countof(texts); i++)
		bad(texts[i], strchr(texts[i], '=') + 1);
	good("root=2147483647:stack-depth=001:error-exitcode=255");
	assert_int_equal(options.root, 2147483647);
	assert_int_equal(options.stack_depth, 1);
}

static void durations_are_exact(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} durations[] = {
		{"0", 0},
		{"0.0", 0},
		{"1", 1000000},
		{"007.50", 7500000},
		{"0.000001", 1},
		{"0.0000001", 1}, /* rather than off */
		{"0.1234567", 123457},
		{"99999999", UINT64_C(99999999000000)},
		{"1.", 0},
		{".5", 0},
		{"", 0},
		{"-1", 0},
		{"1e3", 0},
		{"1,5", 0},
		{"100000000", 0},
		{"99999999999999999999", 0},
		{"0x1", 0},
		{"1.2.3", 0},
		{"1 ", 0},
		{"ms", 0},
	};
	const size_t good_ones = 8;

	(void)state;
	for (size_t i = 0; i < countof(durations); i++) {
		struct options_error error = {""};
		bool taken = options_set(&options, "long-hold", durations[i].text, &error);

		if (taken != (i < good_ones))
			fail_msg("'%s': %s", durations[i].text, taken ? "taken" : error.text);
		if (taken && options.long_hold_ns != durations[i].ns)
			fail_msg("'%s' is %llu ns", durations[i].text,
				 (unsigned long long)options.long_hold_ns);
	}
	bad("watchdog=3s", "watchdog: '3s' is not a number of seconds from 0 to 99999999");
	bad("long-wait=x", "long-wait: 'x' is not a number of milliseconds from 0 to 99999999");
	bad("watchdog", "watchdog: a value is missing: SECONDS");
	good("watchdog=0.5:mutex=forward");
	assert_true(options.watchdog_ms == 500);
	assert_int_equal(options.mutex, MUTEX_MODE_FORWARD);
	good("watchdog=0.0001");
	assert_true(options.watchdog_ms == 1);
}

static void every_kind_can_be_named(void **state)
{
	(void)state;
	for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		struct options_error error = {""};

		assert_true(options_set(&options, "fail-on", finding_name((enum finding_kind)kind),
					&error));
		assert_true(options.fail_on.kinds == (uint64_t)1 << kind);
		assert_int_equal(options.fail_on.severities, 0);
	}
}

static void bad_kinds_are_named(void **state)
{
	(void)state;
	bad("fail-on=error,frob,leak", "fail-on: 'frob' is neither a severity");
	bad("fail-on=", "fail-on: '' is neither");
	bad("fail-on=error,", "fail-on: '' is neither");
	bad("fail-on=mutex-frob", "'mutex-frob' is neither a severity");
	bad("fail-on=hangs", "'hangs' is neither a severity");
}

static void options_of_record_are_marked(void **state)
{
	size_t count, found = 0;
	const struct option_info *info = options_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		found += info[i].state == RECORD_OPTION;
	assert_int_equal(found, 7);
	good("trace=/tmp/x:overwrite:live:snapshot:events=a\\:b,c*:context=vuid");
	assert_string_equal(options.trace, "/tmp/x");
	assert_true(options.overwrite && options.live && options.snapshot);
	assert_string_equal(options.events, "a:b,c*");
	assert_string_equal(options.context, "vuid");
	bad("trace=", "trace: '' is not a file name");
	bad("events=", "is not a list of names");
	bad("events=a,,b", "is not a list of names");
	bad("events=a,", "is not a list of names");
	bad("context=vpid,a b", "context: 'a b' is not a list of names");
}

/* As the variable has it, with backslashes, and as the command line has it. */
static void takes_url(const char *url)
{
	struct options_error error = {""};

	options_default(&options);
	if (!options_set(&options, "url", url, &error))
		fail_msg("'%s' was refused: %s", url, error.text);
	assert_string_equal(options.url, url);
}

static void refuses_url(const char *url)
{
	struct options_error error = {""};

	if (options_set(&options, "url", url, &error))
		fail_msg("'%s' was taken", url);
	assert_non_null(strstr(error.text, "is not a URL like net://HOST"));
}

static void urls_are_checked(void **state)
{
	static const char *const urls[] = {
		"net://host",	    "net://10.0.0.1:5342",    "net://host:5342:5343/nightly/run",
		"net6://[fe80::1]", "net6://[::1]:1:65535/x", "net6://host",
		"tcp://host",	    "tcp6://[::1]:7",	      "file:///tmp/trace"};
	static const char *const wrong[] = {"",
					    "host",
					    "net:",
					    "net:/host",
					    "net://",
					    "net:///path",
					    "net://:5342",
					    "net://host:",
					    "net://h:0",
					    "net://h:65536",
					    "net://h:x",
					    "net://h:1:2:3",
					    "http://host",
					    "net7://h",
					    "net6://[",
					    "net6://[]",
					    "net6://[::1]5342",
					    "net://a b",
					    "file://tmp",
					    "file://",
					    "net://h:12a/",
					    "net://user@h",
					    "netx://host"};

	(void)state;
	for (size_t i = 0; i < countof(urls); i++)
		takes_url(urls[i]);
	for (size_t i = 0; i < countof(wrong); i++)
		refuses_url(wrong[i]);
	good("url=net\\://host\\:5342");
	assert_string_equal(options.url, "net://host:5342");
}

static void too_many_files_are_refused(void **state)
{
	struct buffer text = {0};

	(void)state;
	for (int i = 0; i < FILES_MAX; i++)
		options_append(&text, "suppressions", "file");
	good(text.data);
	assert_int_equal(options.suppressions.count, FILES_MAX);
	options_append(&text, "suppressions", "last");
	bad(text.data, "'last' is one file too many");
	buffer_free(&text);
}

static void appended_options_come_back(void **state)
{
	static const char value[] = ":a\\:b=\\\\c::\\";
	struct buffer text = {0};

	(void)state;
	options_append(&text, "output", value);
	options_append(&text, "quiet", NULL);
	options_append(&text, "suppressions", value);
	good(text.data);
	assert_string_equal(options.output, value);
	assert_true(options.quiet);
	assert_string_equal(options.suppressions.path[0], value);
	buffer_free(&text);
}

static void one_option_is_named_as_on_the_command_line(void **state)
{
	struct options_error error = {""};

	(void)state;
	assert_false(options_set(&options, "format", "a:b", &error));
	assert_string_equal(error.text, "--format: 'a:b' is not one of text|json|sarif");
	assert_false(options_set(&options, "output", NULL, &error));
	assert_string_equal(error.text, "--output: a value is missing: FILE");
	assert_true(options_set(&options, "output", "C:\\x", &error));
	assert_string_equal(options.output, "C:\\x");
}

static void long_and_hostile_texts_are_cut(void **state)
{
	static const char head[] = "format=";
	const size_t length = 100000;
	char *text = malloc(length + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '%', length);
	text[length] = '\0';
	bad(text, "...: no such option");
	memcpy(text, head, sizeof(head) - 1);
	bad(text, "...' is not one of");
	memset(text, '\\', length);
	bad(text, "no such option");
	memset(text, ':', length);
	good(text);
	memset(text, 'a', length);
	memcpy(text, "output=", 7);
	good(text);
	assert_int_equal(strlen(options.output), length - 7);
	free(text);
	bad("format=\033[31m\nred\r", "format: '?[31m?red?'");
}

/* Random texts of the letters that mean something: nothing to expect but that it ends well. */
static void noise_is_survived(void **state)
{
	static const char letters[] = ":=\\,%_-x1";
	static const char *const words[] = {"format", "output", "fail-on", "error", "suppressions"};

	(void)state;
	srand(1);
	for (int round = 0; round < 5000; round++) {
		struct options scratch;
		struct options_error error = {""};
		struct buffer text = {0};

		for (int i = rand() % 12; i >= 0; i--) {
			if (rand() % 3)
				buffer_add(&text, &letters[(size_t)rand() % (sizeof(letters) - 1)],
					   1);
			else
				buffer_printf(&text, "%s", words[(size_t)rand() % countof(words)]);
		}
		options_default(&scratch);
		if (!options_parse(&scratch, text.data, &error))
			assert_non_null(strstr(error.text, ": "));
		buffer_free(&text);
	}
}

static void the_table_is_sound(void **state)
{
	size_t count;
	const struct option_info *info = options_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_null(strpbrk(info[i].name, "_=: "));
		if (info[i].state != HIDDEN_OPTION)
			assert_true(strlen(info[i].help) > 0);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(info[i].name, info[j].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(defaults_are_the_contract, reset),
		cmocka_unit_test_setup(every_option_is_taken, reset),
		cmocka_unit_test_setup(other_values_are_taken, reset),
		cmocka_unit_test_setup(dashes_and_underscores_are_the_same, reset),
		cmocka_unit_test_setup(later_ones_win_and_files_add_up, reset),
		cmocka_unit_test_setup(empty_items_are_nothing, reset),
		cmocka_unit_test_setup(escapes_are_undone, reset),
		cmocka_unit_test_setup(texts_are_private_copies, reset),
		cmocka_unit_test_setup(bad_ones_are_named, reset),
		cmocka_unit_test_setup(numbers_are_bounded, reset),
		cmocka_unit_test_setup(durations_are_exact, reset),
		cmocka_unit_test_setup(every_kind_can_be_named, reset),
		cmocka_unit_test_setup(bad_kinds_are_named, reset),
		cmocka_unit_test_setup(options_of_record_are_marked, reset),
		cmocka_unit_test_setup(urls_are_checked, reset),
		cmocka_unit_test_setup(too_many_files_are_refused, reset),
		cmocka_unit_test_setup(appended_options_come_back, reset),
		cmocka_unit_test_setup(one_option_is_named_as_on_the_command_line, reset),
		cmocka_unit_test_setup(long_and_hostile_texts_are_cut, reset),
		cmocka_unit_test_setup(noise_is_survived, reset),
		cmocka_unit_test(the_table_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
