/* SPDX-License-Identifier: MIT */
/* A thread that locks a mutex twice: nobody is left who could unlock it. */
#include "pymutex_abi.h"

static PyMutex cache_mutex;

NOINLINE static void refresh(void)
{
#ifndef CLEAN
	PyMutex_Lock(&cache_mutex); /* HERE run */
	PyMutex_Unlock(&cache_mutex);
#endif
}

STEP(run)
{
	PyMutex_Lock(&cache_mutex); /* LOCKED run */
	refresh();
	PyMutex_Unlock(&cache_mutex);
}

HAS_WAITER(stuck, cache_mutex)

MODULE(METHOD(run), METHOD(stuck))
