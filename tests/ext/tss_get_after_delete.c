/* SPDX-License-Identifier: MIT */
/* A key that outlives its deletion in somebody's hands. */
#include "ext.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;
static void *volatile seen;

STEP(create)
{
	PyThread_tss_create(&cache_key); /* CREATED create */
}

STEP(drop)
{
#ifndef CLEAN
	PyThread_tss_delete(&cache_key); /* DELETED drop */
#endif
}

STEP(run)
{
	seen = PyThread_tss_get(&cache_key); /* HERE run */
}

MODULE(METHOD(create), METHOD(drop), METHOD(run))
