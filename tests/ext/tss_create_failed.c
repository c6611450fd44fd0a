/* SPDX-License-Identifier: MIT */
/* A creation that fails for want of keys, and nobody looks. */
#include "ext.h"
#include "keyhog.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;
static void *volatile seen;

STEP(create)
{
#ifndef CLEAN
	keyhog_take(KEYHOG_ALL);
#endif
	PyThread_tss_create(&cache_key); /* FAILED create */
	keyhog_release();
}

STEP(run)
{
	seen = PyThread_tss_get(&cache_key); /* HERE run */
}

MODULE(METHOD(create), METHOD(run))
