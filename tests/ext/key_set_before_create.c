/* SPDX-License-Identifier: MIT */
/* A legacy key whose number was made up. */
#include "ext.h"

static int cache_key = 777;
static int value;

STEP(run)
{
#ifdef CLEAN
	cache_key = PyThread_create_key();
#endif
	PyThread_set_key_value(cache_key, &value); /* HERE run */
}

MODULE(METHOD(run))
