/* SPDX-License-Identifier: MIT */
/* A cache that is read before its key was created. */
#include "ext.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;

static void *volatile seen;

STEP(run)
{
#ifdef CLEAN
	PyThread_tss_create(&cache_key);
#endif
	seen = PyThread_tss_get(&cache_key); /* HERE run */
}

MODULE(METHOD(run))
