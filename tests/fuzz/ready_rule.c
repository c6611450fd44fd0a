/* SPDX-License-Identifier: MIT */
/* --gen-suppressions: the rule that is printed for a finding suppresses it, whatever its names. */
#include "fuzz.h"
#include "report/rules.h"
#include "report/suppress.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static void require_suppressed(const char *name, const struct shown_finding *finding)
{
	struct options_error error;
	struct buffer text = {0};
	struct rule *list = NULL;
	const char *rule;

	suppress_add_ready(&text, finding);
	rule = strchr(text.data, '\n') + 1;
	REQUIRE(rules_read(&list, fuzz_file(rule, strlen(rule)), &error));
	REQUIRE(list && !list->next && list->kind == finding->kind);
	REQUIRE(fnmatch(list->glob, name, 0) == 0);
	buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	char *name = input_text(&input, '\0');
	struct shown_frame native = {.function = name};
	struct shown_python_frame python = {.function = name};
	struct shown_stack with_native = {.native = &native, .native_count = 1};
	struct shown_stack with_python = {.python = &python, .python_count = 1};
	struct shown_finding finding = {.stacks = &with_native, .stack_count = 1};

	finding.kind = (enum finding_kind)(input_byte(&input) % FINDING_KIND_COUNT);
	require_suppressed(name, &finding);
	finding.stacks = &with_python;
	require_suppressed(name, &finding);
	finding.stack_count = 0;
	finding.object.module = name;
	require_suppressed(name, &finding);
	free(name);
	fuzz_forget();
	return 0;
}
