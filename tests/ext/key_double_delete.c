/* SPDX-License-Identifier: MIT */
/* A legacy key with two owners, both of whom delete it. */
#include "ext.h"

static int cache_key;

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
	PyThread_delete_key(cache_key); /* HERE run */
}

MODULE(METHOD(create), METHOD(drop), METHOD(run))
