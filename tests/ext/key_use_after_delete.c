/* SPDX-License-Identifier: MIT */
/* A legacy key that outlives its deletion in somebody's hands. */
#include "ext.h"

static int cache_key;
static int value;

STEP(create)
{
	cache_key = PyThread_create_key(); /* CREATED create */
}

STEP(drop)
{
#ifndef CLEAN
	PyThread_delete_key(cache_key); /* DELETED drop */
#endif
}

STEP(run)
{
	PyThread_set_key_value(cache_key, &value); /* HERE run */
#ifdef CLEAN
	PyThread_delete_key(cache_key);
#endif
}

MODULE(METHOD(create), METHOD(drop), METHOD(run))
