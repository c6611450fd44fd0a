/* SPDX-License-Identifier: MIT */
#include "report/sarif.h"

#include "config.h"
#include "report/sarif_location.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"

static const char *level(enum severity severity)
{
	return severity_name(severity == SEVERITY_LEAK ? SEVERITY_WARNING : severity);
}

static json_object *make_rule(enum finding_kind kind)
{
	json_object *rule = json_new_object(), *configuration = json_new_object();

	json_set(rule, "id", json_text(finding_name(kind)));
	json_set(rule, "shortDescription", sarif_message(finding_summary(kind)));
	json_set(configuration, "level", json_text(level(finding_severity(kind, false))));
	json_set(rule, "defaultConfiguration", configuration);
	return rule;
}

static json_object *make_tool(void)
{
	json_object *tool = json_new_object(), *driver = json_new_object();
	json_object *rules = json_new_array();

	for (unsigned int i = 0; i < FINDING_KIND_COUNT; i++)
		json_push(rules, make_rule((enum finding_kind)i));
	json_set(driver, "name", json_text(PACKAGE_NAME));
	json_set(driver, "version", json_text(PACKAGE_VERSION));
	json_set(driver, "rules", rules);
	json_set(tool, "driver", driver);
	return tool;
}

/* FNV-1a: the same finding in the next run has the same number. */
static uint64_t add_to_hash(uint64_t hash, const char *text)
{
	for (; text && *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

static uint64_t fingerprint(const struct shown_finding *finding)
{
	uint64_t hash = add_to_hash(UINT64_C(0xcbf29ce484222325), finding_name(finding->kind));

	hash = add_to_hash(hash, finding->object.symbol);
	for (unsigned int i = 0; i < finding->others; i++)
		hash = add_to_hash(hash, finding->other[i].symbol);
	for (unsigned int i = 0; i < finding->stack_count; i++) {
		const struct shown_stack *stack = &finding->stacks[i];

		for (unsigned int f = 0; f < stack->native_count; f++)
			hash = add_to_hash(hash, stack->native[f].function);
		for (unsigned int f = 0; f < stack->python_count; f++)
			hash = add_to_hash(hash, stack->python[f].function);
	}
	return hash;
}

static json_object *make_fingerprints(const struct shown_finding *finding)
{
	json_object *fingerprints = json_new_object();
	char text[24];

	snprintf(text, sizeof(text), "%016" PRIx64, fingerprint(finding));
	json_set(fingerprints, "functions/v1", json_text(text));
	return fingerprints;
}

static json_object *make_properties(const struct shown_finding *finding)
{
	json_object *properties = json_new_object();

	json_set(properties, "severity", json_text(severity_name(finding->severity)));
	json_set(properties, "symbol", json_text(finding->object.symbol));
	json_set(properties, "module", json_text(finding->object.module));
	return properties;
}

/* Where a variable is, SARIF's locations cannot say well. */
static void add_other(struct buffer *text, const struct shown_object *other)
{
	const char *name = other->facts.name;

	buffer_printf(text, "; also mutex 0x%lx", (unsigned long)other->facts.address);
	if (name)
		buffer_printf(text, " \"%s\"", name);
	if (other->symbol)
		buffer_printf(text, " %s", other->symbol);
	if (other->module)
		buffer_printf(text, " %s %s", other->made_by ? "first used by" : "in",
			      other->module);
}

static json_object *make_message(const struct shown_finding *finding)
{
	struct buffer text = {0};
	json_object *message;

	buffer_printf(&text, "%s", finding->message);
	for (unsigned int i = 0; i < finding->others; i++)
		add_other(&text, &finding->other[i]);
	message = sarif_message(text.data ? text.data : "");
	buffer_free(&text);
	return message;
}

static void add_locations(json_object *result, const struct shown_finding *finding)
{
	json_object *locations = json_new_array(), *related = json_new_array();
	json_object *stacks = json_new_array();

	for (unsigned int i = 0; i < finding->stack_count; i++) {
		json_object *location = sarif_location(&finding->stacks[i]);

		json_push(stacks, sarif_stack(&finding->stacks[i]));
		if (!location)
			continue;
		if (i > 0)
			json_set(location, "message",
				 sarif_message(sarif_caption(&finding->stacks[i])));
		json_push(i > 0 ? related : locations, location);
	}
	json_set(result, "locations", locations);
	json_set(result, "relatedLocations", related);
	json_set(result, "stacks", stacks);
}

/* An empty array says that it is not suppressed. */
static json_object *make_suppressions(bool suppressed)
{
	json_object *suppressions = json_new_array(), *suppression;

	if (suppressed) {
		suppression = json_new_object();
		json_set(suppression, "kind", json_text("external"));
		json_push(suppressions, suppression);
	}
	return suppressions;
}

static json_object *make_result(const struct shown_finding *finding)
{
	json_object *result = json_new_object();

	json_set(result, "ruleId", json_text(finding_name(finding->kind)));
	json_set(result, "ruleIndex", json_number(finding->kind));
	json_set(result, "level", json_text(level(finding->severity)));
	json_set(result, "message", make_message(finding));
	json_set(result, "occurrenceCount", json_number(finding->count));
	add_locations(result, finding);
	json_set(result, "partialFingerprints", make_fingerprints(finding));
	json_set(result, "suppressions", make_suppressions(finding->suppressed));
	json_set(result, "properties", make_properties(finding));
	return result;
}

/* Tells the process, as the first thing in the file: see earlier.c. */
static json_object *make_invocations(const struct document *document)
{
	json_object *invocations = json_new_array(), *invocation = json_new_object();

	json_set(invocation, "processId", json_number(document->pid));
	json_set(invocation, "executionSuccessful", json_flag(true));
	json_push(invocations, invocation);
	return invocations;
}

static json_object *make_run(const struct document *document)
{
	json_object *run = json_new_object(), *results = json_new_array();

	for (unsigned int i = 0; i < document->finding_count; i++)
		json_push(results, make_result(&document->findings[i]));
	json_set(run, "invocations", make_invocations(document));
	json_set(run, "tool", make_tool());
	json_set(run, "results", results);
	return run;
}

void sarif_write(struct buffer *out, const struct document *document)
{
	json_object *root, *runs;

	json_begin();
	root = json_new_object();
	runs = json_new_array();
	json_push(runs, make_run(document));
	json_set(root, "$schema", json_text(SCHEMA));
	json_set(root, "version", json_text("2.1.0"));
	json_set(root, "runs", runs);
	json_end(out, root);
}
