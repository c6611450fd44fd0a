/* SPDX-License-Identifier: MIT */
/* The number inside a Py_tss_t, used as a legacy key. */
#include "ext.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;

static void *volatile seen;

STEP(create)
{
	PyThread_tss_create(&cache_key); /* CREATED create */
}

STEP(run)
{
#ifdef CLEAN
	seen = PyThread_tss_get(&cache_key);
#else
	seen = PyThread_get_key_value((int)cache_key._key); /* HERE run */
#endif
}

MODULE(METHOD(create), METHOD(run))
