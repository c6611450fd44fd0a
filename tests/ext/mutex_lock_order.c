/* SPDX-License-Identifier: MIT */
/*
 * Two mutexes taken in one order here and in the other there, one after the other: nothing hangs,
 * and one day it will. What else the extension has is right: an outer lock in common, an attempt
 * that would not wait.
 */
#include "pymutex_abi.h"

static PyMutex cache_mutex, index_mutex, outer_mutex;

STEP(first)
{
	PyMutex_Lock(&cache_mutex); /* OTHER first */
	PyMutex_Lock(&index_mutex); /* OTHER first */
	PyMutex_Unlock(&index_mutex);
	PyMutex_Unlock(&cache_mutex);
}

STEP(second)
{
#ifdef CLEAN
	PyMutex_Lock(&cache_mutex);
	PyMutex_Lock(&index_mutex);
	PyMutex_Unlock(&index_mutex);
	PyMutex_Unlock(&cache_mutex);
#else
	PyMutex_Lock(&index_mutex); /* LOCKED second */
	PyMutex_Lock(&cache_mutex); /* HERE second */
	PyMutex_Unlock(&cache_mutex);
	PyMutex_Unlock(&index_mutex);
#endif
}

/* Both orders, under one lock that keeps them apart. */
STEP(first_inside)
{
	PyMutex_Lock(&outer_mutex);
	first();
	PyMutex_Unlock(&outer_mutex);
}

STEP(second_inside)
{
	PyMutex_Lock(&outer_mutex);
	second();
	PyMutex_Unlock(&outer_mutex);
}

/* Contended a few times, each of them: a mutex is armed then. */
#define CONTENTIONS 4

static atomic_uint locked, wanted;

static void *hold(void *mutex)
{
	PyMutex_Lock(mutex);
	atomic_store(&locked, 1);
	while (!atomic_load(&wanted) || !mutex_has_waiter(mutex))
		sleep_ms(1);
	PyMutex_Unlock(mutex);
	return NULL;
}

static void contend(PyMutex *mutex)
{
	pthread_t thread;

	atomic_store(&locked, 0);
	atomic_store(&wanted, 0);
	if (pthread_create(&thread, NULL, hold, mutex) != 0)
		return;
	while (!atomic_load(&locked))
		sleep_ms(1);
	atomic_store(&wanted, 1);
	PyMutex_Lock(mutex);
	PyMutex_Unlock(mutex);
	pthread_join(thread, NULL);
}

STEP(arm)
{
	for (int i = 0; i < CONTENTIONS; i++) {
		contend(&cache_mutex);
		contend(&index_mutex);
	}
}

#ifdef MUTEX_INLINE
/* The second one is only tried for, as by an extension that knows of the other order. */
STEP(second_trying)
{
	uint8_t unlocked = 0;

	PyMutex_Lock(&index_mutex);
	if (__atomic_compare_exchange_n(&cache_mutex._bits, &unlocked, MUTEX_LOCKED, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		PyMutex_Unlock(&cache_mutex);
	PyMutex_Unlock(&index_mutex);
}
#define TRYING , METHOD(second_trying)
#else
#define TRYING
#endif

MODULE(METHOD(first), METHOD(second), METHOD(first_inside), METHOD(second_inside),
       METHOD(arm) TRYING)
