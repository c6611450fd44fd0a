/* SPDX-License-Identifier: MIT */
/* Rings of threads that wait for each other. Inside src/model/ only. */
#ifndef PYTHREAD_TRACE_WAITS_RING_H
#define PYTHREAD_TRACE_WAITS_RING_H

#include "model/mutexes.h"

/* What the thread waits for at this moment; NULL: for nothing. */
static inline struct mutex_record *waits_for(const struct mutex_thread *thread)
{
	return __atomic_load_n(&thread->waiting_for, __ATOMIC_SEQ_CST);
}

/* After the thread told what it waits for: reports the ring that this closes, if there is one. */
void waits_judge_ring(const struct mutex_request *request);

/* Around fork. */
void waits_ring_lock(void);
void waits_ring_unlock(void);

#endif
