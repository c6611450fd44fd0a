/* SPDX-License-Identifier: MIT */
/* JSON and SARIF, read back field by field. */
#include "report_fakes.h"
#include "report_json.h"

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct options options;
static struct outcome outcome;

/* Two findings, the first with two stories and seen twice, the second suppressed by nothing. */
static int scenario(void)
{
	struct finding first = fake_finding(FINDING_TSS_SET_AFTER_DELETE, "set after delete");
	struct finding second = fake_finding(FINDING_KEY_VALUE_LEFT, "left");

	fake_add_story(&first, ROLE_HERE, "here", SITE_STORE);
	fake_add_story(&first, ROLE_DELETED, "key deleted", SITE_CLEANUP);
	second.object = (struct finding_object){
		.type = OBJECT_LEGACY_KEY, .slot = 7, .victim = BUGGY_CALLER};
	fake_add_story(&second, ROLE_HERE, "here", SITE_ODD);
	fake_start(&options);
	report_finding(&first, true);
	report_finding(&first, true);
	report_finding(&second, true);
	report_write(3, true);
	return 0;
}

static void read_report(enum report_format format)
{
	options_for_test(&options);
	options.format = format;
	outcome.keep_pid = true;
	run_scenario(scenario, &outcome);
	json_read(outcome.text);
}

static int read_json(void **state)
{
	(void)state;
	read_report(FORMAT_JSON);
	return 0;
}

static int read_sarif(void **state)
{
	(void)state;
	read_report(FORMAT_SARIF);
	return 0;
}

static void test_json_process(void **state)
{
	(void)state;
	text_at("tool", "pythread-trace");
	assert_true(json_object_is_type(at("version"), json_type_string));
	number_at("format", 1);
	number_at("process.pid", outcome.pid);
	number_at("process.ppid", getpid());
	number_at("process.exit", 3);
	assert_non_null(strstr(json_object_get_string(at("process.argv.0")), "test_report"));
	text_at("python.version", "3.11.2");
	text_at("python.build", "executable");
	text_at("python.free_threaded", "false");
	text_at("stack_support.native", NULL);
	text_at("stack_support.python", "no interpreter of a known version");
	length_at("hooks", 2);
	text_at("hooks.0.function", "PyThread_tss_create");
	text_at("hooks.0.hooked", "true");
	text_at("hooks.0.how", "redirected");
	number_at("hooks.0.calls", 12);
	text_at("hooks.1.hooked", "false");
}

static void test_json_tables(void **state)
{
	(void)state;
	number_at("keys.limit", 1024);
	number_at("keys.live", 5);
	number_at("keys.peak", 7);
	text_at("keys.owners.0.module", "/opt/lib/buggy.so");
	number_at("keys.owners.0.live", 4);
	number_at("keys.owners.0.created", 6);
	text_at("keys.owners.1.module", NULL);
	length_at("mutexes", 0);
	length_at("waits", 0);
	number_at("rescues", 0);
	number_at("dropped", 0);
	number_at("summary.errors", 1);
	number_at("summary.warnings", 0);
	number_at("summary.leaks", 0);
	number_at("summary.notes", 1);
	number_at("summary.suppressed", 0);
}

static void test_json_finding(void **state)
{
	(void)state;
	length_at("findings", 2);
	text_at("findings.0.kind", "tss-set-after-delete");
	text_at("findings.0.severity", "error");
	text_at("findings.0.message", "set after delete");
	number_at("findings.0.count", 2);
	text_at("findings.0.suppressed", "false");
	text_at("findings.0.thread.name", "python3");
	number_at("findings.0.thread.tid", outcome.pid);
	text_at("findings.0.object.type", "tss");
	text_at("findings.0.object.address", "0x14010");
	number_at("findings.0.object.slot", 0);
	text_at("findings.0.object.name", NULL);
	text_at("findings.0.object.module", "/opt/lib/buggy.so");
	text_at("findings.0.object.symbol", "cache_key");
	text_at("findings.1.object.type", "key");
	text_at("findings.1.object.address", NULL);
	number_at("findings.1.object.slot", 7);
	text_at("findings.1.object.module", NULL);
}

static void test_json_stacks(void **state)
{
	(void)state;
	length_at("findings.0.stacks", 2);
	text_at("findings.0.stacks.0.role", "here");
	length_at("findings.0.stacks.0.native", 3);
	text_at("findings.0.stacks.0.native.0.ip", "0x111f3");
	text_at("findings.0.stacks.0.native.0.module", "/opt/lib/buggy.so");
	text_at("findings.0.stacks.0.native.0.offset", "0x11f3");
	text_at("findings.0.stacks.0.native.0.function", "store");
	text_at("findings.0.stacks.0.native.0.file", "buggy.c");
	number_at("findings.0.stacks.0.native.0.line", 41);
	text_at("findings.0.stacks.0.native.1.line", NULL);
	text_at("findings.0.stacks.0.native.2.module", NULL);
	text_at("findings.0.stacks.0.native.2.offset", NULL);
	text_at("findings.0.stacks.0.python.0.function", "store_it");
	text_at("findings.0.stacks.0.python.0.file", "app.py");
	number_at("findings.0.stacks.0.python.0.line", 12);
	text_at("findings.0.stacks.0.python_absent", NULL);
	text_at("findings.0.stacks.1.role", "deleted");
	text_at("findings.0.stacks.1.caption", "key deleted");
	number_at("findings.0.stacks.1.tid", 4244);
	length_at("findings.0.stacks.1.python", 0);
	text_at("findings.0.stacks.1.python_absent", "the thread does not hold the GIL");
	/* Broken UTF-8 is mended, control characters are escaped: they come back as they were. */
	text_at("findings.1.stacks.0.python.0.file", "caf\xc3\xa9/\xef\xbf\xbd.py");
	text_at("findings.1.stacks.0.python.0.function", "f\033[31m\n");
	text_at("findings.1.stacks.0.python.0.line", NULL);
}

static void test_sarif_rules(void **state)
{
	(void)state;
	text_at("version", "2.1.0");
	length_at("runs", 1);
	number_at("runs.0.invocations.0.processId", outcome.pid);
	assert_true(json_object_get_boolean(at("runs.0.invocations.0.executionSuccessful")));
	text_at("runs.0.tool.driver.name", "pythread-trace");
	length_at("runs.0.tool.driver.rules", FINDING_KIND_COUNT);
	text_at("runs.0.tool.driver.rules.0.id", "tss-set-before-create");
	text_at("runs.0.tool.driver.rules.0.shortDescription.text",
		finding_summary(FINDING_TSS_SET_BEFORE_CREATE));
	text_at("runs.0.tool.driver.rules.0.defaultConfiguration.level", "error");
	number_at("runs.0.results.0.ruleIndex", FINDING_TSS_SET_AFTER_DELETE);
}

static void test_sarif_results(void **state)
{
	(void)state;
	length_at("runs.0.results", 2);
	text_at("runs.0.results.0.ruleId", "tss-set-after-delete");
	text_at("runs.0.results.0.level", "error");
	text_at("runs.0.results.0.message.text", "set after delete");
	number_at("runs.0.results.0.occurrenceCount", 2);
#define PLACE "runs.0.results.0.locations.0.physicalLocation."
	text_at(PLACE "artifactLocation.uri", "buggy.c");
	number_at(PLACE "region.startLine", 41);
	text_at("runs.0.results.0.locations.0.logicalLocations.0.name", "store");
#define RELATED "runs.0.results.0.relatedLocations.0."
	text_at(RELATED "physicalLocation.artifactLocation.uri", "file:///src/my%20ext/buggy.c");
	text_at(RELATED "message.text", "key deleted");
	length_at("runs.0.results.0.stacks.0.frames", 5);
	length_at("runs.0.results.0.suppressions", 0);
	assert_int_equal(strlen(json_object_get_string(
				 at("runs.0.results.0.partialFingerprints.functions/v1"))),
			 16);
	text_at("runs.0.results.1.level", "note");
	text_at("runs.0.results.1.locations.0.physicalLocation.artifactLocation.uri", "a%0Ab.c");
}

static int no_plugin(void)
{
	fake_plugin_missing = true;
	return scenario();
}

static void test_text_in_its_place(void **state)
{
	(void)state;
	options_for_test(&options);
	options.format = FORMAT_JSON;
	options.output = "/nowhere/never-opened";
	outcome.keep_pid = false;
	run_scenario(no_plugin, &outcome);
	assert_int_equal(strncmp(outcome.text, "==PID==ERROR: ", 14), 0);
	assert_non_null(strstr(outcome.text, "pythread-trace: no JSON can be written: report.so: "
					     "cannot open shared object file\n"));
	assert_non_null(strstr(outcome.text, "==PID==SUMMARY: "));
	assert_null(strstr(outcome.text, "/nowhere"));
}

int main(void)
{
#define JSON(name) cmocka_unit_test_setup_teardown(name, read_json, json_forget)
#define SARIF(name) cmocka_unit_test_setup_teardown(name, read_sarif, json_forget)
	const struct CMUnitTest tests[] = {
		JSON(test_json_process),
		JSON(test_json_tables),
		JSON(test_json_finding),
		JSON(test_json_stacks),
		SARIF(test_sarif_rules),
		SARIF(test_sarif_results),
		cmocka_unit_test(test_text_in_its_place),
	};

	return cmocka_run_group_tests_name("report structured", tests, NULL, NULL);
}
