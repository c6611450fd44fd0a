/* SPDX-License-Identifier: MIT */
/* A key that is still there at exit. */
#include "ext.h"

static int cache_key;

STEP(run)
{
	cache_key = PyThread_create_key(); /* CREATED run */
#ifdef CLEAN
	PyThread_delete_key(cache_key);
#endif
}

MODULE(METHOD(run))
