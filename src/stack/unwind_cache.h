/* SPDX-License-Identifier: MIT */
/*
 * What libunwind keeps for each thread, a cache of frames, is its business; where it keeps it is
 * ours. Its own ways are a thread key, one that the program lacks when it uses all there are, and
 * thread-local variables that the dynamic linker takes from malloc at their first use, which may be
 * in a signal handler that interrupted malloc. These functions stand in for the ones that libunwind
 * calls, and need neither.
 */
#ifndef PYTHREAD_TRACE_UNWIND_CACHE_H
#define PYTHREAD_TRACE_UNWIND_CACHE_H

#include "base/common.h"

#include <pthread.h>

/* The room there is for its thread-local variables, which begin as zeroes. */
#define UNWIND_CACHE_VARIABLES 64

int unwind_cache_key_create(pthread_key_t *key, void (*destructor)(void *));
int unwind_cache_setspecific(pthread_key_t key, const void *value);

/* For __tls_get_addr(). Its argument: the module's number, and an offset in its variables. */
void *unwind_cache_variable(const size_t index[2]);

/* The calling thread ends: gives its cache back. */
void unwind_cache_free(void);

#endif
