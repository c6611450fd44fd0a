/* SPDX-License-Identifier: MIT */
#include "core/core.h"

/*
 * CPython's create is a plain check and store, so two threads that create one struct lose a key.
 * Creation and deletion are rare: one lock for all structs makes them safe.
 */
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;

struct tss *core_tss_alloc(void)
{
	struct tss *tss = core_host.malloc(sizeof(*tss));

	if (tss)
		tss->is_initialized = 0;
	return tss;
}

void core_tss_free(struct tss *tss)
{
	if (!tss)
		return;
	core_tss_delete(tss);
	core_host.free(tss);
}

static enum tss_creation create_locked(struct tss *tss, core_created_fn *created, void *context)
{
	pthread_key_t key;

	if (tss->is_initialized)
		return TSS_EXISTS;
	if (core_host.key_create(&key, NULL))
		return TSS_FAILED;
	tss->key = key;
	if (created)
		created(tss, context);
	/* Whoever sees the flag without a lock must see the number too. */
	__atomic_store_n(&tss->is_initialized, 1, __ATOMIC_RELEASE);
	return TSS_CREATED;
}

enum tss_creation core_tss_create(struct tss *tss, core_created_fn *created, void *context)
{
	enum tss_creation result;

	if (__atomic_load_n(&tss->is_initialized, __ATOMIC_ACQUIRE))
		return TSS_EXISTS;
	pthread_mutex_lock(&creation);
	result = create_locked(tss, created, context);
	pthread_mutex_unlock(&creation);
	return result;
}

void core_tss_delete(struct tss *tss)
{
	if (!__atomic_load_n(&tss->is_initialized, __ATOMIC_ACQUIRE))
		return;
	pthread_mutex_lock(&creation);
	if (tss->is_initialized) {
		core_host.key_delete(tss->key);
		__atomic_store_n(&tss->is_initialized, 0, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&creation);
}

void core_before_fork(void)
{
	pthread_mutex_lock(&creation);
}

void core_after_fork(void)
{
	pthread_mutex_unlock(&creation);
}
