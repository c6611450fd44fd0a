/* SPDX-License-Identifier: MIT */
/* A thread that leaves its value behind when it ends. */
#include "ext.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;
static int value;

STEP(create)
{
	PyThread_tss_create(&cache_key); /* CREATED create */
}

NOINLINE static void *worker(void *value)
{
	PyThread_tss_set(&cache_key, value);
#ifdef CLEAN
	PyThread_tss_set(&cache_key, NULL);
#endif
	return NULL;
}

STEP(run)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, worker, &value) == 0)
		pthread_join(thread, NULL);
}

MODULE(METHOD(create), METHOD(run))
