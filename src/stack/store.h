/* SPDX-License-Identifier: MIT */
/*
 * Where this folder keeps what it remembers: one lock, one arena, and records that are known by a
 * number. Records are never changed or freed once they are numbered, so reading takes no lock.
 */
#ifndef PYTHREAD_TRACE_STACK_STORE_H
#define PYTHREAD_TRACE_STACK_STORE_H

#include "base/common.h"

#include <stdatomic.h>

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

struct numbers_position {
	unsigned int chunk;
	uint32_t index;
};

/* Number n is record n - 1 of all; chunk c begins after the 64 << c - 64 records before it. */
static inline struct numbers_position numbers_position(uint32_t number)
{
	uint32_t shifted = number - 1 + NUMBERS_FIRST_CHUNK;
	unsigned int log = 31 - (unsigned int)__builtin_clz(shifted);

	return (struct numbers_position){
		.chunk = log - (unsigned int)__builtin_ctz(NUMBERS_FIRST_CHUNK),
		.index = shifted - (1u << log),
	};
}

/* The new record's number, 0 when there is no memory. Under the lock. */
uint32_t numbers_add(struct numbers *numbers, void *record);

/*
 * Any thread, any time. NULL for 0 and for a number not given out yet. Inline: a capture does it
 * four times.
 */
static inline void *numbers_get(struct numbers *numbers, uint32_t number)
{
	struct numbers_position at;
	void *_Atomic *chunk;

	if (number == 0 || number > UINT32_MAX - NUMBERS_FIRST_CHUNK)
		return NULL;
	at = numbers_position(number);
	if (at.chunk >= NUMBERS_CHUNKS)
		return NULL;
	chunk = atomic_load_explicit(&numbers->chunk[at.chunk], memory_order_acquire);
	return chunk ? atomic_load_explicit(&chunk[at.index], memory_order_acquire) : NULL;
}

#endif
