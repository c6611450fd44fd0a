/* SPDX-License-Identifier: MIT */
/* A thread that leaves its value behind when it ends. */
#include "ext.h"

static int cache_key;
static int value;

STEP(create)
{
	cache_key = PyThread_create_key(); /* CREATED create */
}

NOINLINE static void *worker(void *value)
{
	PyThread_set_key_value(cache_key, value);
#ifdef CLEAN
	PyThread_delete_key_value(cache_key);
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
