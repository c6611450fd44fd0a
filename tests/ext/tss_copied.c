/* SPDX-License-Identifier: MIT */
/* A key copied by value: two structs, one number, and each may delete it. */
#include "ext.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;
#ifndef CLEAN
static Py_tss_t copied_key;
#endif
static int value;

STEP(create)
{
	PyThread_tss_create(&cache_key); /* CREATED create */
}

STEP(run)
{
#ifdef CLEAN
	PyThread_tss_set(&cache_key, &value);
#else
	copied_key = cache_key;
	PyThread_tss_set(&copied_key, &value); /* HERE run */
#endif
}

MODULE(METHOD(create), METHOD(run))
