/* SPDX-License-Identifier: MIT */
/* Uses of keys: the frequent events. */
#include "hook/runtime.h"
#include "hook/state.h"
#include "hook/thread.h"
#include "hook/tool.h"
#include "hook/trace_key.h"

/* A thread that has begun and is inside the tool's work counts nowhere. */
static inline bool is_traced(const void *caller)
{
	const struct thread *thread = thread_current;

	if (unlikely(!thread || thread == &thread_nowhere) &&
	    (tool_is_inside() || !thread_has_begun()))
		return false;
	return likely(!runtime_contains(caller)) || process.options.interpreter;
}

static void name(const struct trace_key_object *key)
{
	if (!trace_wants(TRACE_object_name) || !tool_enter())
		return;
	trace_key_tell_name(key, tool_is_in_signal_handler());
	tool_leave();
}

static SLOW_PATH void name_tss(const struct tss *key, const void *caller)
{
	name(&(struct trace_key_object){.type = TRACE_TYPE_TSS,
					.address = key,
					.slot = keys_tss_live(key) ? key->key : KEY_SLOTS,
					.code = caller});
}

static inline void name_tss_once(const struct tss *key, const void *caller)
{
	if (unlikely(!keys_tss_live(key) || !trace_key_is_told(key->key)))
		name_tss(key, caller);
}

static SLOW_PATH void name_legacy(int key, const void *caller)
{
	unsigned int slot = keys_legacy_live(key) ? (unsigned int)key : KEY_SLOTS;

	name(&(struct trace_key_object){.type = TRACE_TYPE_KEY,
					.address = (const void *)(intptr_t)key,
					.slot = slot,
					.code = caller});
}

static inline void name_legacy_once(int key, const void *caller)
{
	if (unlikely(!keys_legacy_live(key) || !trace_key_is_told((unsigned int)key)))
		name_legacy(key, caller);
}

void trace_tss_set(const struct tss *key, const void *value, int result, const void *caller)
{
	if (!is_traced(caller))
		return;
	name_tss_once(key, caller);
	trace_get()->tss_set(key, trace_slot_of(key), value, result, caller);
}

void trace_tss_get(const struct tss *key, const void *value, const void *caller)
{
	if (!is_traced(caller))
		return;
	name_tss_once(key, caller);
	trace_get()->tss_get(key, trace_slot_of(key), value, caller);
}

void trace_tss_is_created(const struct tss *key, int result, const void *caller)
{
	if (!is_traced(caller))
		return;
	name_tss_once(key, caller);
	trace_get()->tss_is_created(key, result, caller);
}

void trace_key_set(int key, const void *value, int result, const void *caller)
{
	if (!is_traced(caller))
		return;
	name_legacy_once(key, caller);
	trace_get()->key_set(key, value, result, caller);
}

void trace_key_get(int key, const void *value, const void *caller)
{
	if (!is_traced(caller))
		return;
	name_legacy_once(key, caller);
	trace_get()->key_get(key, value, caller);
}

void trace_key_delete_value(int key, const void *caller)
{
	if (!is_traced(caller))
		return;
	name_legacy_once(key, caller);
	trace_get()->key_delete_value(key, caller);
}
