/* SPDX-License-Identifier: MIT */
/* A library that never heard of Python takes all keys; the extension finds none. */
#include "ext.h"
#include "keyhog.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;

STEP(run)
{
#ifdef CLEAN
	keyhog_take(4);
#else
	keyhog_take(KEYHOG_ALL);
#endif
	PyThread_tss_create(&cache_key); /* HERE run */
	PyThread_tss_delete(&cache_key);
	keyhog_release();
}

MODULE(METHOD(run))
