/* SPDX-License-Identifier: MIT */
/* A key that nobody allocated, used all the same. */
#include "ext.h"

static Py_tss_t *volatile cache_key;
static void *volatile seen;

STEP(run)
{
#ifdef CLEAN
	cache_key = PyThread_tss_alloc();
	PyThread_tss_create(cache_key);
#endif
	seen = PyThread_tss_get(cache_key); /* HERE run */
#ifdef CLEAN
	PyThread_tss_free(cache_key);
#endif
}

MODULE(METHOD(run))
