/* SPDX-License-Identifier: MIT */
/* Slow work with a mutex locked. */
#include "pymutex_abi.h"

#define SLOW_MS 120

static PyMutex cache_mutex;

STEP(run)
{
#ifdef CLEAN
	python_sleep_ms(SLOW_MS);
#endif
	PyMutex_Lock(&cache_mutex); /* LOCKED run */
#ifndef CLEAN
	python_sleep_ms(SLOW_MS);
#endif
	PyMutex_Unlock(&cache_mutex); /* HERE run */
}

MODULE(METHOD(run))
