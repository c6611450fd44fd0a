/* SPDX-License-Identifier: MIT */
/*
 * A trail: where, on a thread's stack, the return addresses and the saved frame pointers of a known
 * stack lie, and what they are. A capture from the same place at the same depth needs no unwinding
 * then: it follows the trail from its own frame outwards and compares.
 *
 * Why that is exact: where a frame's caller lies is computed from its code address, its stack
 * pointer and, in some code, its frame pointer. Where these are as they were, the caller lies where
 * it lay, and reading that place is what an unwinder would do. So each step makes the next one
 * valid and safe, even on a stack that other threads or coroutines have used meanwhile.
 *
 * Thread safe; following takes no lock. Only x86-64 has trails: elsewhere there are none to follow.
 */
#ifndef PYTHREAD_TRACE_STACK_TRAIL_H
#define PYTHREAD_TRACE_STACK_TRAIL_H

#include "base/common.h"

/* Takes what it needs from libunwind, a handle of dlopen(). Without it there are no trails. */
void trail_init(void *libunwind);

/*
 * The number of the stack (intern.h) that was captured for this caller with this frame, when the
 * thread's stack is the same now; else 0. No frame of it is a signal handler's. frame is
 * __builtin_frame_address(0) of the function that captures, which must have a frame pointer.
 */
uint32_t trail_follow(void *const *frame, const void *caller);

/*
 * That stack was captured here. A trail is laid when this has happened a few times; libunwind's
 * locks may be taken, so fork must be kept waiting.
 */
bool trail_is_due(void *const *frame, const void *caller);
void trail_lay(void *const *frame, const void *caller, uint32_t number);

#endif
