/* SPDX-License-Identifier: MIT */
/* A thread that waits long for a mutex, because another one works slowly with it. */
#include "pymutex_abi.h"

#define SLOW_MS 200

static PyMutex cache_mutex;
static atomic_uint held;

static void *hold(void *unused)
{
	PyMutex_Lock(&cache_mutex);
	atomic_store(&held, 1);
	sleep_ms(SLOW_MS);
	PyMutex_Unlock(&cache_mutex);
	return unused;
}

STEP(run)
{
	pthread_t thread;

	atomic_store(&held, 0);
	if (pthread_create(&thread, NULL, hold, NULL) != 0)
		return;
	wait_for_count(&held, 1);
#ifdef CLEAN
	while (mutex_bits(&cache_mutex) & MUTEX_LOCKED)
		python_sleep_ms(1);
#endif
	PyMutex_Lock(&cache_mutex); /* HERE run */
	PyMutex_Unlock(&cache_mutex);
	pthread_join(thread, NULL);
}

MODULE(METHOD(run))
