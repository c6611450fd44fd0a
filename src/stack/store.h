/* SPDX-License-Identifier: MIT */
/*
 * Where this folder keeps what it remembers: one lock, one arena, and records that are known by a
 * number. Records are never changed or freed once they are numbered, so reading takes no lock.
 */
#ifndef PYTHREAD_TRACE_STACK_STORE_H
#define PYTHREAD_TRACE_STACK_STORE_H

#include "base/common.h"

/* Set in the thread that forks, between store_before_fork() and store_after_fork(). */
extern __thread bool store_forking __attribute__((tls_model("initial-exec")));

/*
 * Never held while calling into the dynamic linker or libunwind. A thread that forks has it
 * already; locking it again in an atfork handler is harmless.
 */
void store_lock(void);
void store_unlock(void);

/* A thread that was interrupted while it had the lock (fork in a signal handler) keeps it. */
void store_before_fork(void);
void store_after_fork(void);

/* Memory that is never given back, zeroed; NULL when there is none. Under the lock. */
void *store_alloc(size_t size);
const char *store_copy(const char *text);

#define NUMBERS_CHUNKS 26
#define NUMBERS_FIRST_CHUNK 64u

/* Records 1, 2, 3, …; chunk n holds 64 << n of them, so that none ever moves. Start it zeroed. */
struct numbers {
	void *_Atomic *_Atomic chunk[NUMBERS_CHUNKS];
	uint32_t last;
};

/* The new record's number, 0 when there is no memory. Under the lock. */
uint32_t numbers_add(struct numbers *numbers, void *record);

/* Any thread, any time. NULL for 0 and for a number not given out yet. */
void *numbers_get(struct numbers *numbers, uint32_t number);

#endif
