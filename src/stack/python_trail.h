/* SPDX-License-Identifier: MIT */
/*
 * A Python trail: the frames of a known stack, as they lie in memory. A capture that finds the same
 * code objects at the same instructions all the way needs no digest: it follows the trail.
 *
 * Thread safe; following takes no lock. The thread state is the calling thread's, attached.
 */
#ifndef PYTHREAD_TRACE_STACK_PYTHON_TRAIL_H
#define PYTHREAD_TRACE_STACK_PYTHON_TRAIL_H

#include "base/common.h"

/* The number of the thread's Python stack (python.h), where a trail was laid for it; else 0. */
uint32_t python_trail_follow(const char *thread_state);

/*
 * That stack was captured in this thread, without a trail, by memory and with a confirmed layout.
 * The trail is laid when this has happened a few times.
 */
void python_trail_sighted(const char *thread_state, uint32_t id);

/* Another interpreter: what was known of the last one's memory is forgotten. */
void python_trail_forget(void);

#endif
