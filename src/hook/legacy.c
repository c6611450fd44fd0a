/* SPDX-License-Identifier: MIT */
/* The legacy key functions, as the program sees them. */
#include "hook/observe.h"
#include "hook/thread.h"
#include "hook/trace.h"

#define CALLER __builtin_return_address(0)

/* Counts it too, if it is. */
static inline bool is_everyday(enum function function, int key)
{
	return count_everyday_use(function, (unsigned int)key, KEYS_LEGACY);
}

int PyThread_create_key(void)
{
	int key;

	count_any_call(FUNCTION_PyThread_create_key, CALLER);
	key = core_key_create();
	observe_legacy_create(key, CALLER);
	return key;
}

void PyThread_delete_key(int key)
{
	count_any_call(FUNCTION_PyThread_delete_key, CALLER);
	observe_legacy_delete(key, CALLER);
	core_key_delete(key);
}

static inline int set(int key, void *value)
{
	if (!value)
		thread_value_cleared((unsigned int)key);
	return core_key_set(key, value);
}

static SLOW_PATH int set_slowly(int key, void *value, const void *caller)
{
	int result;

	count_any_call(FUNCTION_PyThread_set_key_value, caller);
	observe_legacy_use(key, KEY_SET, caller);
	result = set(key, value);
	if (trace_wants(TRACE_key_set))
		trace_key_set(key, value, result, caller);
	return result;
}

static RECORDED_PATH int set_recorded(int key, void *value, const void *caller)
{
	int result = core_key_set(key, value);

	trace_key_set(key, value, result, caller);
	return result;
}

int PyThread_set_key_value(int key, void *value)
{
	if (!is_everyday(FUNCTION_PyThread_set_key_value, key))
		return set_slowly(key, value, CALLER);
	if (trace_wants(TRACE_key_set))
		return set_recorded(key, value, CALLER);
	return core_key_set(key, value);
}

static SLOW_PATH void *get_slowly(int key, const void *caller)
{
	void *value;

	count_any_call(FUNCTION_PyThread_get_key_value, caller);
	observe_legacy_use(key, KEY_GET, caller);
	value = core_key_get(key);
	if (trace_wants(TRACE_key_get))
		trace_key_get(key, value, caller);
	return value;
}

static RECORDED_PATH void *get_recorded(int key, const void *caller)
{
	void *value = core_key_get(key);

	trace_key_get(key, value, caller);
	return value;
}

void *PyThread_get_key_value(int key)
{
	if (!is_everyday(FUNCTION_PyThread_get_key_value, key))
		return get_slowly(key, CALLER);
	if (trace_wants(TRACE_key_get))
		return get_recorded(key, CALLER);
	return core_key_get(key);
}

void PyThread_delete_key_value(int key)
{
	if (!is_everyday(FUNCTION_PyThread_delete_key_value, key)) {
		count_any_call(FUNCTION_PyThread_delete_key_value, CALLER);
		observe_legacy_use(key, KEY_DELETE_VALUE, CALLER);
	}
	thread_value_cleared((unsigned int)key);
	core_key_delete_value(key);
	if (trace_wants(TRACE_key_delete_value))
		trace_key_delete_value(key, CALLER);
}

/* Does nothing in CPython either, since 3.7: pthread keys survive a fork. */
void PyThread_ReInitTLS(void)
{
	count_any_call(FUNCTION_PyThread_ReInitTLS, CALLER);
}
