/* SPDX-License-Identifier: MIT */
/* A key on the heap with two owners, both of whom free it. */
#include "ext.h"

static Py_tss_t *cache_key;

STEP(create)
{
	cache_key = PyThread_tss_alloc();
}

STEP(drop)
{
	PyThread_tss_free(cache_key); /* FREED drop */
#ifdef CLEAN
	cache_key = NULL;
#endif
}

STEP(run)
{
	PyThread_tss_free(cache_key); /* HERE run */
}

MODULE(METHOD(create), METHOD(drop), METHOD(run))
