/* SPDX-License-Identifier: MIT */
/* The calling thread's return addresses, by libunwind. */
#ifndef PYTHREAD_TRACE_STACK_NATIVE_H
#define PYTHREAD_TRACE_STACK_NATIVE_H

#include "stack/stack.h"

/* Frames of the tool's own that may lie between the capture and the caller. */
#define NATIVE_SLACK 8

struct native_trace {
	void *const *ip; /* newest first, into raw */
	unsigned int count;
	void *raw[STACK_DEPTH_MAX + NATIVE_SLACK];
};

/* Opens libunwind and pays for its first use. */
void native_init(void);

/*
 * At most depth frames from `caller` on; where `caller` is not among the newest frames (a tail
 * call), from the newest frame outside the tool on. At least `caller` itself, unless that is NULL.
 * False, and an empty trace, when stacks cannot be taken. May change errno.
 */
bool native_capture(struct native_trace *trace, unsigned int depth, const void *caller);

/* trail_lay(), with fork kept waiting. */
void native_lay_trail(void *const *frame, const void *caller, uint32_t number);

/* NULL when stacks can be taken, else why not. */
const char *native_refusal(void);

/*
 * Around fork: a child in which another thread's libunwind lock stayed locked would hang in its
 * first capture. So fork waits for the threads that are unwinding, and new ones wait for fork.
 */
void native_before_fork(void);
void native_after_fork(void);

#endif
