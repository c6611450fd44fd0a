/* SPDX-License-Identifier: MIT */
/* A key whose memory came from the wrong place, given to PyThread_tss_free. */
#include "ext.h"

#include <stdlib.h>

static Py_tss_t *cache_key;

STEP(create)
{
#ifdef CLEAN
	cache_key = PyThread_tss_alloc();
#else
	cache_key = calloc(1, sizeof(*cache_key));
#endif
}

STEP(run)
{
	PyThread_tss_free(cache_key); /* HERE run */
}

MODULE(METHOD(create), METHOD(run))
