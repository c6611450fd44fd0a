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

static json_object *make_object(const struct shown_finding *finding)
{
	const struct finding_object *shown = &finding->object;
	json_object *object;

	if (shown->type == OBJECT_NONE)
		return NULL;
	object = json_new_object();
	json_set(object, "type", json_text(object_type_name(shown->type)));
	json_set(object, "address", json_address(shown->address, (uintptr_t)shown->address));
	json_set(object, "slot", shown->slot == NO_SLOT ? NULL : json_number(shown->slot));
	json_set(object, "slot_owner", json_text(finding->slot_owner));
	json_set(object, "name", json_text(shown->name));
	json_set(object, "module", json_text(finding->object_module));
	json_set(object, "symbol", json_text(finding->object_symbol));
	return object;
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
	json_set(finding, "object", make_object(shown));
	json_set(finding, "stacks", make_stacks(shown));
	json_set(finding, "suppressed", json_flag(shown->suppressed));
	return finding;
}
