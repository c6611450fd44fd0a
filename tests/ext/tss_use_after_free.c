/* SPDX-License-Identifier: MIT */
/* A key on the heap, used after it was freed. */
#include "ext.h"

static Py_tss_t *cache_key;
static void *volatile seen;

STEP(create)
{
	cache_key = PyThread_tss_alloc();
	PyThread_tss_create(cache_key); /* CREATED create */
}

STEP(drop)
{
#ifndef CLEAN
	PyThread_tss_free(cache_key); /* FREED drop */
#endif
}

STEP(run)
{
	seen = PyThread_tss_get(cache_key); /* HERE run */
#ifdef CLEAN
	PyThread_tss_free(cache_key);
#endif
}

MODULE(METHOD(create), METHOD(drop), METHOD(run))
