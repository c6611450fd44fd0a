/* SPDX-License-Identifier: MIT */
/*
 * PyThread_tss_*, as the program sees them. In the three that a program calls all the time one test
 * leads off the fast path, and only one.
 */
#include "hook/observe.h"
#include "hook/thread.h"

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

int PyThread_tss_is_created(struct tss *key)
{
	if (unlikely(!count_call(FUNCTION_PyThread_tss_is_created) || !keys_tss_live(key)))
		observe_tss_use(FUNCTION_PyThread_tss_is_created, key, KEY_IS_CREATED, CALLER);
	return core_tss_is_created(key);
}

int PyThread_tss_create(struct tss *key)
{
	count_any_call(FUNCTION_PyThread_tss_create, CALLER);
	/* Not by the owner alone: whoever zeroed the struct of key number 0 is to have a new key.
	 */
	if (key && key->is_initialized && keys_tss_live(key))
		return 0;
	return observe_tss_create(key, CALLER);
}

void PyThread_tss_delete(struct tss *key)
{
	count_any_call(FUNCTION_PyThread_tss_delete, CALLER);
	observe_tss_delete(key, CALLER);
}

int PyThread_tss_set(struct tss *key, void *value)
{
	if (unlikely(!count_call(FUNCTION_PyThread_tss_set) || !keys_tss_live(key)))
		observe_tss_use(FUNCTION_PyThread_tss_set, key, KEY_SET, CALLER);
	if (!value)
		thread_value_cleared(key->key);
	return core_tss_set(key, value);
}

void *PyThread_tss_get(struct tss *key)
{
	if (unlikely(!count_call(FUNCTION_PyThread_tss_get) || !keys_tss_live(key)))
		observe_tss_use(FUNCTION_PyThread_tss_get, key, KEY_GET, CALLER);
	return core_tss_get(key);
}
