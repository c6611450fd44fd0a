/* SPDX-License-Identifier: MIT */
/*
 * ThreadSanitizer, which stands in front of many functions of libc. It gives up what it knows of a
 * thread in the last round of the keys' destructors: its key has a lower number than ours, or than
 * LTTng's. From then on pthread_mutex_lock() crashes in that thread, in the search for deadlocks.
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
