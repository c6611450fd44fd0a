/* SPDX-License-Identifier: MIT */
/* A live key whose struct is cleared: nobody can delete it any more. */
#include "ext.h"

#include <string.h>

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;

STEP(create)
{
	PyThread_tss_create(&cache_key); /* CREATED create */
}

STEP(run)
{
#ifdef CLEAN
	PyThread_tss_delete(&cache_key);
#endif
	memset(&cache_key, 0, sizeof(cache_key));
}

MODULE(METHOD(create), METHOD(run))
