/* SPDX-License-Identifier: MIT */
/*
 * PyThread_tss_*, as the program sees them. In the three that a program calls all the time tests
 * lead off the fast path, to a slow one that begins anew, or to one for a live key whose uses are
 * recorded.
 */
#include "hook/observe.h"
#include "hook/thread.h"
#include "hook/trace.h"

#define CALLER __builtin_return_address(0)

struct tss *PyThread_tss_alloc(void)
{
	struct tss *key;

	count_any_call(FUNCTION_PyThread_tss_alloc, CALLER);
	key = core_tss_alloc();
	if (key)
		observe_tss_alloc(key, CALLER);
	return key;
}

void PyThread_tss_free(struct tss *key)
{
	count_any_call(FUNCTION_PyThread_tss_free, CALLER);
	if (key && observe_tss_free(key, CALLER))
		core_tss_free(key);
}

/* Counts it too, if it is. */
static inline bool is_everyday(enum function function, const struct tss *key)
{
	return likely(key != NULL) && likely(count_everyday_use(function, key->key, key));
}

static SLOW_PATH int is_created_slowly(struct tss *key, const void *caller)
{
	int result;

	count_any_call(FUNCTION_PyThread_tss_is_created, caller);
	observe_tss_use(key, KEY_IS_CREATED, caller);
	result = core_tss_is_created(key);
	if (trace_wants(TRACE_tss_is_created))
		trace_tss_is_created(key, result, caller);
	return result;
}

static RECORDED_PATH int is_created_recorded(struct tss *key, const void *caller)
{
	int result = core_tss_is_created(key);

	trace_tss_is_created(key, result, caller);
	return result;
}

int PyThread_tss_is_created(struct tss *key)
{
	if (!is_everyday(FUNCTION_PyThread_tss_is_created, key))
		return is_created_slowly(key, CALLER);
	if (trace_wants(TRACE_tss_is_created))
		return is_created_recorded(key, CALLER);
	return core_tss_is_created(key);
}

int PyThread_tss_create(struct tss *key)
{
	count_any_call(FUNCTION_PyThread_tss_create, CALLER);
	/* Not by the owner alone: a zeroed struct, whose key was number 0, is to get a new key. */
	if (key && key->is_initialized && keys_tss_live(key))
		return 0;
	return observe_tss_create(key, CALLER);
}

void PyThread_tss_delete(struct tss *key)
{
	count_any_call(FUNCTION_PyThread_tss_delete, CALLER);
	observe_tss_delete(key, CALLER);
}

static inline int set(struct tss *key, void *value)
{
	if (!value)
		thread_value_cleared(key->key);
	return core_tss_set(key, value);
}

static SLOW_PATH int set_slowly(struct tss *key, void *value, const void *caller)
{
	int result;

	count_any_call(FUNCTION_PyThread_tss_set, caller);
	observe_tss_use(key, KEY_SET, caller);
	result = set(key, value);
	if (trace_wants(TRACE_tss_set))
		trace_tss_set(key, value, result, caller);
	return result;
}

static RECORDED_PATH int set_recorded(struct tss *key, void *value, const void *caller)
{
	int result = core_tss_set(key, value);

	trace_tss_set(key, value, result, caller);
	return result;
}

int PyThread_tss_set(struct tss *key, void *value)
{
	if (!is_everyday(FUNCTION_PyThread_tss_set, key))
		return set_slowly(key, value, CALLER);
	if (trace_wants(TRACE_tss_set))
		return set_recorded(key, value, CALLER);
	return core_tss_set(key, value);
}

static SLOW_PATH void *get_slowly(struct tss *key, const void *caller)
{
	void *value;

	count_any_call(FUNCTION_PyThread_tss_get, caller);
	observe_tss_use(key, KEY_GET, caller);
	value = core_tss_get(key);
	if (trace_wants(TRACE_tss_get))
		trace_tss_get(key, value, caller);
	return value;
}

static RECORDED_PATH void *get_recorded(struct tss *key, const void *caller)
{
	void *value = core_tss_get(key);

	trace_tss_get(key, value, caller);
	return value;
}

void *PyThread_tss_get(struct tss *key)
{
	if (!is_everyday(FUNCTION_PyThread_tss_get, key))
		return get_slowly(key, CALLER);
	if (trace_wants(TRACE_tss_get))
		return get_recorded(key, CALLER);
	return core_tss_get(key);
}
