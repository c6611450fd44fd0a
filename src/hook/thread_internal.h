/* SPDX-License-Identifier: MIT */
/*
 * What the thread*.c files know of each other, and nobody else: thread.c begins threads and counts
 * their calls, thread_end.c sees them end, thread_blocks.c keeps their blocks.
 */
#ifndef PYTHREAD_TRACE_THREAD_INTERNAL_H
#define PYTHREAD_TRACE_THREAD_INTERNAL_H

#include "hook/thread.h"

/* In a forked child, the block of a thread that only the interpreter has called from yet. */
extern __thread struct thread *thread_quiet INITIAL_EXEC;

/* The calling thread's end was seen: it does not begin again. */
extern __thread bool thread_ended INITIAL_EXEC;

/* A block that no thread has, with what an ended one counted. NULL where memory ran out. */
struct thread *thread_block_claim(void);
void thread_block_release(struct thread *thread);

/* All blocks ever made, by `next`. No lock is needed. */
struct thread *thread_blocks(void);
uint64_t thread_blocks_dropped(void);

/*
 * The lock of blocks and of the key by which ends are seen. Inside the tool, so that no signal
 * handler's fork waits for this thread itself; to be given back what the first one returned.
 */
bool thread_lock_inside(void);
void thread_unlock_inside(bool was_inside);

/* Around fork: the lock alone. */
void thread_blocks_before_fork(void);
void thread_blocks_after_fork(void);

/* The thread that begins will be seen to end. */
void thread_watch_end(struct thread *thread);

/* Threads whose end is not seen when it begins, as memory ran out. */
uint64_t thread_ends_unwatched(void);

#endif
