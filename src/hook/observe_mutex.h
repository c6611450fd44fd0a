/* SPDX-License-Identifier: MIT */
/*
 * PyMutex operations, done and observed: locking in observe_mutex.c, unlocking in observe_unlock.c.
 * The operation is always done, by the core or by the interpreter's own function; a re-entrance or
 * a thread that has ended loses the observation only. errno is kept.
 */
#ifndef PYTHREAD_TRACE_OBSERVE_MUTEX_H
#define PYTHREAD_TRACE_OBSERVE_MUTEX_H

#include "core/mutex.h"

void observe_mutex_lock(struct mutex *mutex, const void *caller);
void observe_mutex_unlock(struct mutex *mutex, const void *caller);

/* CPython's private function: the mutex belongs to the interpreter's lot from now on. */
int observe_mutex_lock_timed(struct mutex *mutex, int64_t timeout, int flags, const void *caller);

#endif
