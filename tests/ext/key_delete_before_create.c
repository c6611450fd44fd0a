/* SPDX-License-Identifier: MIT */
/* A legacy key whose number was made up. */
#include "ext.h"

static int cache_key = 777;

STEP(run)
{
#ifdef CLEAN
	cache_key = PyThread_create_key();
#endif
	PyThread_delete_key(cache_key); /* HERE run */
}

MODULE(METHOD(run))
