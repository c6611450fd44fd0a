/* SPDX-License-Identifier: MIT */
/*
 * What is known of the code that calls the PyMutex functions. The first call from a place looks it
 * up, the first one from an object file goes through its machine code; later ones take no lock.
 */
#ifndef PYTHREAD_TRACE_MUTEX_CALLER_H
#define PYTHREAD_TRACE_MUTEX_CALLER_H

#include "base/common.h"

/*
 * SEEN: each operation of its object file comes to us, as it is not compiled with the fast path of
 * the interpreter's headers. RUNTIME: it is the interpreter itself.
 */
#define CALLER_SEEN 1U
#define CALLER_RUNTIME 2U

#define CALLERS_BITS 9
#define CALLER_SHIFT 2

/* Answers by return address: the address, shifted, and what is known of it below. */
extern uintptr_t mutex_callers[1U << CALLERS_BITS] NOT_EXPORTED;

static inline uintptr_t *mutex_caller_place(const void *code)
{
	return &mutex_callers[((uintptr_t)code * HASH_MULTIPLIER) >> (64 - CALLERS_BITS)];
}

/*
 * CALLER_* of this code, looked up anew and kept. Takes milliseconds where the object file has much
 * machine code and was not met before. Any thread; no signal handler comes here meanwhile.
 */
unsigned int mutex_caller_look_up(const void *code);

/* CALLER_*, or a higher number: it is to be looked up. */
static inline uintptr_t mutex_caller_known(const void *code)
{
	uintptr_t known = __atomic_load_n(mutex_caller_place(code), __ATOMIC_RELAXED);

	return known - ((uintptr_t)code << CALLER_SHIFT);
}

/* CALLER_* of this code. */
static inline unsigned int mutex_caller(const void *code)
{
	uintptr_t known = mutex_caller_known(code);

	return likely(known <= (CALLER_SEEN | CALLER_RUNTIME)) ? known : mutex_caller_look_up(code);
}

/* An interpreter was adopted: what was answered before may be wrong now. */
void mutex_caller_forget(void);

/* In the forked child: nobody is in the middle of a look-up. */
void mutex_caller_after_fork(void);

#endif
