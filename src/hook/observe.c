/* SPDX-License-Identifier: MIT */
#include "hook/observe.h"

#include "hook/process.h"
#include "hook/runtime.h"
#include "hook/state.h"
#include "hook/thread.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "stack/stack.h"

/* The interpreter's own keys are its business: who called is all that is ever told of them. */
static void capture(struct site *site, const void *caller)
{
	if (unlikely(runtime_contains(caller)) && !process.options.interpreter && !trace_get())
		stack_note_caller(site, caller);
	else
		stack_capture(site, caller);
}

/*
 * For what makes and deletes keys. Refused inside the tool's work, where a signal handler makes the
 * call, and between the handlers of a fork, it goes on unseen: that must be known.
 */
static bool enter(void)
{
	if (tool_enter())
		return true;
	if (process_is_awake() && !process.muted)
		keys_missed();
	return false;
}

void observe_tss_alloc(struct tss *key, const void *caller)
{
	struct site site;

	if (!enter())
		return;
	capture(&site, caller);
	keys_tss_allocated(key, &site);
	trace_tss_allocated(key, &site);
	tool_leave();
}

void observe_tss_use(const struct tss *key, enum key_use use, const void *caller)
{
	struct site site;

	/* Asking about what was never created is right, and may be frequent. */
	if (key && !key->is_initialized && use == KEY_IS_CREATED)
		return;
	if (keys_tss_live(key))
		return;
	if (!tool_enter())
		return;
	stack_capture(&site, caller);
	keys_judge_tss_use(key, use, &site);
	tool_leave();
}

void observe_tss_delete(struct tss *key, const void *caller)
{
	struct site site;

	if (!(key && !key->is_initialized) && enter()) {
		capture(&site, caller);
		if (!keys_tss_live(key))
			keys_judge_tss_use(key, KEY_DELETE, &site);
		if (key && key->is_initialized)
			trace_tss_deleting(key, &site);
		keys_tss_deleting(key, &site);
		tool_leave();
	}
	core_tss_delete(key);
}

bool observe_tss_free(struct tss *key, const void *caller)
{
	struct site site;
	bool first;

	if (!enter())
		return true;
	capture(&site, caller);
	first = keys_judge_tss_free(key, &site);
	if (first) {
		trace_tss_freeing(key, &site);
		keys_tss_freeing(key, &site);
	}
	tool_leave();
	return first;
}

/* In the core's hands: whoever sees the new key must find it in the model. */
static void record_creation(const struct tss *key, void *site)
{
	keys_tss_created(key, site);
}

static void check_creation(const struct site *site)
{
	keys_count_created(stack_module(site));
	keys_check_supply(site);
}

int observe_tss_create(struct tss *key, const void *caller)
{
	struct site site;
	enum tss_creation result;
	bool was_created = key && key->is_initialized;

	if (!enter())
		return core_tss_create(key, NULL, NULL) == TSS_FAILED ? -1 : 0;
	capture(&site, caller);
	if (!key || was_created)
		keys_judge_tss_use(key, KEY_CREATE, &site);
	result = core_tss_create(key, record_creation, &site);
	/* Not by the core's host: it cannot tell this call from one of a signal handler. */
	if (result == TSS_FAILED && thread_give_up_key())
		result = core_tss_create(key, record_creation, &site);
	if (result == TSS_CREATED)
		check_creation(&site);
	else if (result == TSS_FAILED)
		keys_tss_create_failed(key, &site);
	else if (!was_created) /* somebody else has done it since this call began */
		keys_tss_create_raced(key, &site);
	if (result != TSS_EXISTS)
		trace_tss_created(key, result == TSS_FAILED ? -1 : 0, &site);
	tool_leave();
	return result == TSS_FAILED ? -1 : 0;
}

void observe_legacy_create(int key, const void *caller)
{
	struct site site;

	if (!enter())
		return;
	stack_capture(&site, caller);
	if (key < 0) {
		keys_legacy_create_failed(&site);
	} else {
		keys_legacy_created(key, &site);
		keys_count_created(stack_module(&site));
		keys_check_supply(&site);
	}
	trace_key_created(key, &site);
	tool_leave();
}

void observe_legacy_use(int key, enum key_use use, const void *caller)
{
	struct site site;

	if (keys_legacy_live(key))
		return;
	if (!tool_enter())
		return;
	stack_capture(&site, caller);
	keys_judge_legacy_use(key, use, &site);
	tool_leave();
}

void observe_legacy_delete(int key, const void *caller)
{
	struct site site;

	if (!enter())
		return;
	stack_capture(&site, caller);
	if (!keys_legacy_live(key))
		keys_judge_legacy_use(key, KEY_DELETE, &site);
	else
		trace_key_deleting(key, &site);
	keys_legacy_deleting(key, &site);
	tool_leave();
}
