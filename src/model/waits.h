/* SPDX-License-Identifier: MIT */
/*
 * Who waits for whom. Inside src/model/ only; its public face is in mutexes.h.
 *
 * A thread tells what it waits for before it looks who waits for it, so of threads that close a
 * ring of waits at the same moment at least one sees all of it.
 */
#ifndef PYTHREAD_TRACE_WAITS_H
#define PYTHREAD_TRACE_WAITS_H

#include "model/mutexes.h"

void waits_before_fork(void);

/* In the child nobody waits, and nobody but the survivor (may be NULL) holds anything. */
void waits_after_fork(bool in_child, const struct mutex_thread *survivor);

#endif
