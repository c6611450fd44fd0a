/* SPDX-License-Identifier: MIT */
#include "hook/state.h"
#include "hook/trace_name.h"
#include "hook/trace_site.h"
#include "model/atomic.h"

#include <unistd.h>

static int held; /* reports in progress that are not the last one */

static const void *address_of(const struct finding_object *object)
{
	if (object->type == OBJECT_LEGACY_KEY)
		return (const void *)(intptr_t)object->slot;
	return object->address;
}

static void name_key(const struct finding_object *key, bool in_handler)
{
	const struct trace_object object = {
		.type = key->type == OBJECT_TSS_KEY ? TRACE_TYPE_TSS : TRACE_TYPE_KEY,
		.address = address_of(key),
		.name = key->name,
		.code = key->creator,
		.in_handler = in_handler,
		.stranger = key->slot == NO_SLOT,
	};

	trace_tell_name(&object);
}

static void name_mutex(const struct finding_object *mutex, bool in_handler)
{
	struct mutex_record *record = mutexes_find(mutex->address);
	const struct trace_object object = {
		.type = TRACE_TYPE_MUTEX,
		.address = mutex->address,
		.name = mutex->name,
		.code = mutex->creator,
		.in_handler = in_handler,
		.stranger = true,
	};

	if (!record)
		trace_tell_name(&object);
	else if (peek(record->named) != trace_current_era())
		trace_name_mutex_inside(record, in_handler);
}

static void name(const struct finding_object *object, bool in_handler)
{
	if (object->type == OBJECT_MUTEX)
		name_mutex(object, in_handler);
	else if (object->type != OBJECT_NONE)
		name_key(object, in_handler);
}

static void tell(uint32_t id, const struct finding *finding)
{
	const struct story *here = finding_here(finding);
	const struct trace_finding told = {
		.id = id,
		.object = address_of(&finding->object),
		.type = object_type_name(finding->object.type),
		.slot = finding->object.slot,
		.kind = finding_name(finding->kind),
		.severity = severity_name(finding_severity(
			finding->kind, process.options.leak_check == LEAK_CHECK_STRICT)),
		.message = finding->message,
		.count = finding->count,
	};
	struct trace_place place;

	trace_get()->finding(&told, trace_site(&place, here ? &here->site : &(struct site){0}));
}

static void tell_story(uint32_t id, const struct story *story)
{
	const struct trace_story told = {
		.finding = id,
		.role = role_name(story->role),
		.caption = story->caption,
		.tid = story->site.tid,
	};
	struct trace_place place;

	trace_get()->finding_story(&told, trace_site(&place, &story->site));
}

/* What was found here by this thread is in the finding itself. */
static bool is_own(const struct finding *finding, const struct story *story)
{
	return story == finding_here(finding) && story->site.tid == gettid();
}

void trace_hold_state(bool hold)
{
	__atomic_add_fetch(&held, hold ? 1 : -1, __ATOMIC_RELAXED);
}

void trace_finding(const struct finding *finding, bool in_handler)
{
	static uint32_t last;
	uint32_t id;

	if (!trace_wants(TRACE_finding) || (peek(held) && finding_is_state(finding->kind)))
		return;
	id = __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
	name(&finding->object, in_handler);
	for (unsigned int i = 0; i < finding->others; i++)
		name(&finding->other[i], in_handler);
	tell(id, finding);
	for (unsigned int i = 0; i < finding->stories && trace_wants(TRACE_finding_story); i++) {
		if (!is_own(finding, &finding->story[i]))
			tell_story(id, &finding->story[i]);
	}
}
