/* SPDX-License-Identifier: MIT */
/* The table of kinds, and the building of a finding. */
#include "model/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void names_lead_back_to_kinds(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < FINDING_KIND_COUNT; i++) {
		const char *name = finding_name((enum finding_kind)i);
		enum finding_kind kind;

		assert_true(finding_kind_by_name(name, strlen(name), &kind));
		assert_int_equal(kind, i);
		assert_false(finding_kind_by_name(name, strlen(name) - 1, &kind));
	}
}

static void leak_check_strict_raises_what_is_left(void **state)
{
	(void)state;
	assert_int_equal(finding_severity(FINDING_TSS_KEY_LIVE, false), SEVERITY_NOTE);
	assert_int_equal(finding_severity(FINDING_TSS_KEY_LIVE, true), SEVERITY_LEAK);
	assert_int_equal(finding_severity(FINDING_KEY_VALUE_LEFT, true), SEVERITY_LEAK);
	assert_int_equal(finding_severity(FINDING_TSS_COPIED, true), SEVERITY_WARNING);
	assert_int_equal(finding_severity(FINDING_TSS_KEY_LOST, false), SEVERITY_LEAK);
}

static void severities_by_name(void **state)
{
	enum severity severity;

	(void)state;
	assert_true(severity_by_name("leak", 4, &severity));
	assert_int_equal(severity, SEVERITY_LEAK);
	assert_false(severity_by_name("leaks", 5, &severity));
	assert_false(severity_by_name("", 0, &severity));
}

static void a_story_has_an_end(void **state)
{
	struct finding finding;
	const struct site seen = {.tid = 1}, never = {0};

	(void)state;
	finding_begin(&finding, FINDING_TSS_NULL_KEY, "%s", "x");
	finding_tell(&finding, ROLE_CREATED, "key created", &never);
	assert_int_equal(finding.stories, 0);
	for (int i = 0; i < STORY_MAX + 2; i++)
		finding_tell(&finding, ROLE_HERE, "here", &seen);
	assert_int_equal(finding.stories, STORY_MAX);
	assert_int_equal(finding.object.slot, NO_SLOT);
	assert_int_equal(finding.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_lead_back_to_kinds),
		cmocka_unit_test(leak_check_strict_raises_what_is_left),
		cmocka_unit_test(severities_by_name),
		cmocka_unit_test(a_story_has_an_end),
	};

	return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
