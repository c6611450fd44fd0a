/* SPDX-License-Identifier: MIT */
/* A key in memory that was never cleared. */
#include "ext.h"

#include <string.h>

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;

STEP(run)
{
#ifndef CLEAN
	memset(&cache_key, 0x5a, sizeof(cache_key));
#endif
	PyThread_tss_create(&cache_key); /* HERE run */
}

MODULE(METHOD(run))
