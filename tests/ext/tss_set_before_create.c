/* SPDX-License-Identifier: MIT */
/* A cache that forgets to create its key. */
#include "ext.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;
static int value;

STEP(run)
{
	/* Number 0 is the interpreter's (up to 3.12) or the allocator's: the test must survive. */
	void *kept = pthread_getspecific(0);

#ifdef CLEAN
	PyThread_tss_create(&cache_key);
#endif
	PyThread_tss_set(&cache_key, &value); /* HERE run */
	pthread_setspecific(0, kept);
}

MODULE(METHOD(run))
