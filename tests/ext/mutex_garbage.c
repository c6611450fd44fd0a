/* SPDX-License-Identifier: MIT */
/* A mutex in memory that nobody has cleared. */
#include "pymutex_abi.h"

#ifdef CLEAN
static PyMutex cache_mutex;
#else
static PyMutex cache_mutex = {0x40};
#endif

STEP(run)
{
	uint8_t before = mutex_bits(&cache_mutex);

	PyMutex_Lock(&cache_mutex); /* HERE run */
	cache_mutex._bits &= MUTEX_LOCKED | MUTEX_PARKED;
	PyMutex_Unlock(&cache_mutex);
	cache_mutex._bits = before;
}

MODULE(METHOD(run))
