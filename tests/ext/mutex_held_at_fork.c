/* SPDX-License-Identifier: MIT */
/* A mutex that one thread holds while another one forks: in the child it is locked for ever. */
#include "pymutex_abi.h"

static PyMutex cache_mutex;

STEP(hold)
{
	PyMutex_Lock(&cache_mutex); /* LOCKED hold */
#ifdef CLEAN
	PyMutex_Unlock(&cache_mutex);
#endif
}

STEP(release)
{
#ifndef CLEAN
	PyMutex_Unlock(&cache_mutex);
#endif
}

STEP(run)
{
	PyMutex_Lock(&cache_mutex); /* HERE run */
	PyMutex_Unlock(&cache_mutex);
}

HAS_WAITER(stuck, cache_mutex)

MODULE(METHOD(hold), METHOD(release), METHOD(run), METHOD(stuck))
