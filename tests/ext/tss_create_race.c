/* SPDX-License-Identifier: MIT */
/* Two threads that meet a key for the first time at the same moment, many times over. */
#include "ext.h"

#include <sched.h>
#include <stdatomic.h>

#define ROUNDS 3000
#define RACERS 2

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;
static atomic_uint arrivals;

#ifdef CLEAN
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;
#endif

/* Everybody is let go at the same moment. There may be fewer processors than threads. */
static void meet(unsigned int meeting)
{
	atomic_fetch_add(&arrivals, 1);
	for (unsigned int spins = 1; atomic_load(&arrivals) < meeting * RACERS; spins++) {
		if (spins % 1000 == 0)
			sched_yield();
	}
}

NOINLINE static void *racer(void *deletes)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		meet(3 * round + 1);
#ifdef CLEAN
		pthread_mutex_lock(&creation);
#endif
		PyThread_tss_create(&cache_key); /* HERE run */
#ifdef CLEAN
		pthread_mutex_unlock(&creation);
#endif
		meet(3 * round + 2);
		if (deletes)
			PyThread_tss_delete(&cache_key);
		meet(3 * round + 3);
	}
	return NULL;
}

STEP(run)
{
	pthread_t thread;

	atomic_store(&arrivals, 0);
	if (pthread_create(&thread, NULL, racer, NULL) != 0)
		return;
	racer(&arrivals);
	pthread_join(thread, NULL);
}

MODULE(METHOD(run))
