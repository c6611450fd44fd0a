/* SPDX-License-Identifier: MIT */
/*
 * ThreadSanitizer, which stands in front of many functions of libc. It is done with a thread that
 * ends in the last round of the keys' destructors, by a key with a number lower than ours or
 * LTTng's. pthread_mutex_lock() crashes in the thread from then on, in the search for deadlocks.
 */
#ifndef PYTHREAD_TRACE_TSAN_H
#define PYTHREAD_TRACE_TSAN_H

#include "base/common.h"

EXPORT extern void __tsan_init(void) __attribute__((weak));

/* Not asked of dlsym(3), whose failure the program could see in dlerror(3). */
static inline bool tsan_is_here(void)
{
	return __tsan_init;
}

#endif
