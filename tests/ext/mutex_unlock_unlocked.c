/* SPDX-License-Identifier: MIT */
/* A mutex that is unlocked twice. */
#include "pymutex_abi.h"

static PyMutex cache_mutex;

STEP(hold)
{
	PyMutex_Lock(&cache_mutex); /* LOCKED hold */
	PyMutex_Unlock(&cache_mutex);
}

STEP(run)
{
#ifdef CLEAN
	PyMutex_Lock(&cache_mutex);
#endif
	PyMutex_Unlock(&cache_mutex); /* HERE run */
}

MODULE(METHOD(hold), METHOD(run))
