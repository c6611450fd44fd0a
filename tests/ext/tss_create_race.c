/* SPDX-License-Identifier: MIT */
/* Two threads that meet a key for the first time at the same moment, many times over. */
#define _GNU_SOURCE
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

/* Two processors, one for each: on a single one they would take turns and hardly ever meet. */
static void choose_processors(const cpu_set_t *allowed, cpu_set_t *first, cpu_set_t *last)
{
	CPU_ZERO(first);
	for (int i = 0; i < CPU_SETSIZE; i++) {
		if (!CPU_ISSET(i, allowed))
			continue;
		if (!CPU_COUNT(first))
			CPU_SET(i, first);
		CPU_ZERO(last);
		CPU_SET(i, last);
	}
}

STEP(run)
{
	cpu_set_t allowed, first, last;
	pthread_attr_t attributes;
	pthread_t thread;

	sched_getaffinity(0, sizeof(allowed), &allowed);
	choose_processors(&allowed, &first, &last);
	pthread_attr_init(&attributes);
	pthread_attr_setaffinity_np(&attributes, sizeof(last), &last);
	atomic_store(&arrivals, 0);
	if (pthread_create(&thread, &attributes, racer, NULL) != 0)
		return;
	sched_setaffinity(0, sizeof(first), &first);
	racer(&arrivals);
	pthread_join(thread, NULL);
	sched_setaffinity(0, sizeof(allowed), &allowed);
	pthread_attr_destroy(&attributes);
}

MODULE(METHOD(run))
