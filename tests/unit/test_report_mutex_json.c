/* SPDX-License-Identifier: MIT */
/* Mutexes, waits and findings about them as JSON and SARIF, read back field by field. */
#include "report_json.h"
#include "report_mutex_fakes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct options options;
static struct outcome outcome;

static int scenario(void)
{
	fake_start(&options);
	fake_mutexes();
	fake_waits();
	fake_facts.rescues = 2;
	fake_mutex_finding(FINDING_MUTEX_SELF_DEADLOCK, 2);
	report_write(0, true);
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

static void test_mutex(void **state)
{
	(void)state;
	length_at("mutexes", 5);
	number_at("mutexes_seen", 5);
	number_at("rescues", 2);
	text_at("mutexes.0.address", "0x14010");
	text_at("mutexes.0.name", "table lock");
	text_at("mutexes.0.module", "/opt/lib/buggy.so");
	text_at("mutexes.0.symbol", "cache_key");
	number_at("mutexes.0.acquired", 1200345);
	number_at("mutexes.0.contended", 5521);
	number_at("mutexes.0.owner_changes", 4100);
	number_at("mutexes.0.wait_ns.total", 1203520001);
	number_at("mutexes.0.wait_ns.max", 10250000);
	number_at("mutexes.0.hold_ns.total", 80000000);
	number_at("mutexes.0.hold_ns.max", 1005000);
	text_at("mutexes.0.complete", "true");
	text_at("mutexes.0.coverage", "all");
	text_at("mutexes.0.runtime", "false");
	text_at("mutexes.0.first_use.native.0.function", "store");
	text_at("mutexes.0.first_use.python.0.function", "store_it");
	number_at("mutexes.0.first_use.tid", 4243);
	text_at("mutexes.0.waited_for.native.0.function", "cleanup");
}

static void test_facts_that_are_not_known(void **state)
{
	(void)state;
	text_at("mutexes.1.runtime", "true");
	text_at("mutexes.1.module", "/usr/bin/python3.11");
	text_at("mutexes.2.name", NULL);
	text_at("mutexes.2.symbol", NULL);
	text_at("mutexes.2.complete", "false");
	text_at("mutexes.2.coverage", "armed");
	text_at("mutexes.3.coverage", "part");
	text_at("mutexes.3.complete", "false");
	text_at("mutexes.3.module", "/opt/lib/buggy.so"); /* of its first use: it is on the heap */
	length_at("mutexes.3.first_use.native", 1);
	text_at("mutexes.3.first_use.native_absent", "only the caller was noted");
	text_at("mutexes.3.first_use.python_absent", "only the caller was noted");
	text_at("mutexes.4.waited_for", NULL);
}

static void test_waits(void **state)
{
	(void)state;
	length_at("waits", 2);
	text_at("waits.0.mutex", "0x14010");
	text_at("waits.0.name", "table lock");
	text_at("waits.0.module", "/opt/lib/buggy.so");
	text_at("waits.0.symbol", "cache_key");
	number_at("waits.0.tid", outcome.pid);
	text_at("waits.0.thread_name", "python3");
	assert_true(json_object_get_int64(at("waits.0.waiting_ns")) == INT64_C(12345000000));
	length_at("waits.0.stacks", 1);
	text_at("waits.0.stacks.0.role", "here");
	text_at("waits.0.stacks.0.native.0.function", "store");
	number_at("waits.0.holder.tid", 4244);
	text_at("waits.0.holder.name", NULL); /* there is no such thread */
	assert_true(json_object_get_int64(at("waits.0.holder.held_ns")) == INT64_C(12400000001));
	text_at("waits.0.holder.stacks.0.role", "locked");
	text_at("waits.0.holder.stacks.0.native.0.function", "cleanup");
	text_at("waits.1.holder", NULL);
	text_at("waits.1.thread_name", NULL);
}

static void test_finding_of_a_mutex(void **state)
{
	(void)state;
	text_at("findings.0.kind", "mutex-self-deadlock");
	text_at("findings.0.object.type", "mutex");
	text_at("findings.0.object.address", "0x14020");
	text_at("findings.0.object.slot", NULL);
	text_at("findings.0.object.name", "queue");
	text_at("findings.0.object.module", "/opt/lib/buggy.so");
	length_at("findings.0.other_objects", 2);
	text_at("findings.0.other_objects.0.type", "mutex");
	text_at("findings.0.other_objects.0.address", "0x14010");
	text_at("findings.0.other_objects.0.name", "index");
	text_at("findings.0.other_objects.0.symbol", "cache_key");
	text_at("findings.0.other_objects.0.module", "/opt/lib/buggy.so");
	text_at("findings.0.other_objects.1.address", "0x990000");
	text_at("findings.0.other_objects.1.name", NULL);
	text_at("findings.0.stacks.1.role", "locked");
	text_at("findings.0.stacks.1.thread_name", NULL);
}

static void test_sarif(void **state)
{
	static const char path[] = "runs.0.tool.driver.rules.";

	(void)state;
	for (unsigned int kind = FINDING_MUTEX_UNLOCK_UNLOCKED; kind < FINDING_KIND_COUNT; kind++) {
		char member[64];

		snprintf(member, sizeof(member), "%s%u.id", path, kind);
		text_at(member, finding_name((enum finding_kind)kind));
		snprintf(member, sizeof(member), "%s%u.shortDescription.text", path, kind);
		text_at(member, finding_summary((enum finding_kind)kind));
	}
	text_at("runs.0.results.0.ruleId", "mutex-self-deadlock");
	text_at("runs.0.results.0.level", "error");
	number_at("runs.0.results.0.ruleIndex", FINDING_MUTEX_SELF_DEADLOCK);
	text_at("runs.0.results.0.message.text",
		"something about a mutex; also mutex 0x14010 \"index\" cache_key in "
		"/opt/lib/buggy.so; also mutex 0x990000 first used by "
		"/opt/lib/buggy.so");
	text_at("runs.0.results.0.relatedLocations.0.message.text", "mutex locked");
}

int main(void)
{
#define JSON(name) cmocka_unit_test_setup_teardown(name, read_json, json_forget)
	const struct CMUnitTest tests[] = {
		JSON(test_mutex),
		JSON(test_facts_that_are_not_known),
		JSON(test_waits),
		JSON(test_finding_of_a_mutex),
		cmocka_unit_test_setup_teardown(test_sarif, read_sarif, json_forget),
	};

	return cmocka_run_group_tests_name("report of mutexes, structured", tests, NULL, NULL);
}
