/* SPDX-License-Identifier: MIT */
#include "report/json_finding.h"

#include "report/json_stack.h"

static json_object *make_thread(const struct shown_finding *finding)
{
	json_object *thread = json_new_object();

	json_set(thread, "tid", json_number_or_null(finding->tid));
	json_set(thread, "name", json_text(finding->thread_name));
	return thread;
}

static json_object *make_object(const struct shown_object *shown)
{
	const struct finding_object *facts = &shown->facts;
	json_object *object;

	if (facts->type == OBJECT_NONE)
		return NULL;
	object = json_new_object();
	json_set(object, "type", json_text(object_type_name(facts->type)));
	json_set(object, "address", json_address(facts->address, (uintptr_t)facts->address));
	json_set(object, "slot", facts->slot == NO_SLOT ? NULL : json_number(facts->slot));
	json_set(object, "slot_owner", json_text(shown->slot_owner));
	json_set(object, "name", json_text(facts->name));
	json_set(object, "module", json_text(shown->module));
	json_set(object, "symbol", json_text(shown->symbol));
	return object;
}

static json_object *make_others(const struct shown_finding *finding)
{
	json_object *others = json_new_array();

	for (unsigned int i = 0; i < finding->others; i++)
		json_push(others, make_object(&finding->other[i]));
	return others;
}

static json_object *make_stacks(const struct shown_finding *finding)
{
	json_object *stacks = json_new_array();

	for (unsigned int i = 0; i < finding->stack_count; i++)
		json_push(stacks, json_stack(&finding->stacks[i]));
	return stacks;
}

json_object *json_finding(const struct shown_finding *shown)
{
	json_object *finding = json_new_object();

	json_set(finding, "kind", json_text(finding_name(shown->kind)));
	json_set(finding, "severity", json_text(severity_name(shown->severity)));
	json_set(finding, "message", json_text(shown->message));
	json_set(finding, "count", json_number(shown->count));
	json_set(finding, "thread", make_thread(shown));
	json_set(finding, "object", make_object(&shown->object));
	json_set(finding, "other_objects", make_others(shown));
	json_set(finding, "stacks", make_stacks(shown));
	json_set(finding, "suppressed", json_flag(shown->suppressed));
	return finding;
}
