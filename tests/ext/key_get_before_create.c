/* SPDX-License-Identifier: MIT */
/* A legacy key whose number was made up. */
#include "ext.h"

static int cache_key = 777;
static void *volatile seen;

STEP(run)
{
#ifdef CLEAN
	cache_key = PyThread_create_key();
#endif
	seen = PyThread_get_key_value(cache_key); /* HERE run */
}

MODULE(METHOD(run))
