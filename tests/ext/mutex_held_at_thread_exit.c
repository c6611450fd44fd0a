/* SPDX-License-Identifier: MIT */
/* A thread that ends and leaves a mutex locked. Somebody else has to unlock it. */
#include "pymutex_abi.h"

static PyMutex cache_mutex;

STEP(run)
{
	PyMutex_Lock(&cache_mutex); /* LOCKED run */
#ifdef CLEAN
	PyMutex_Unlock(&cache_mutex);
#endif
}

STEP(release)
{
	if (mutex_bits(&cache_mutex) & MUTEX_LOCKED)
		PyMutex_Unlock(&cache_mutex);
}

MODULE(METHOD(run), METHOD(release))
