/* SPDX-License-Identifier: MIT */
/* A key that is still there at exit. */
#include "ext.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;

STEP(run)
{
	PyThread_tss_create(&cache_key); /* CREATED run */
#ifdef CLEAN
	PyThread_tss_delete(&cache_key);
#endif
}

MODULE(METHOD(run))
