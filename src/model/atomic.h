/* SPDX-License-Identifier: MIT */
/*
 * What one thread writes and others may read at the same moment: single words, relaxed. A site that
 * is read while it changes may be put together of two; each of its parts is true.
 */
#ifndef PYTHREAD_TRACE_ATOMIC_H
#define PYTHREAD_TRACE_ATOMIC_H

#include "model/site.h"

#define peek(place) __atomic_load_n(&(place), __ATOMIC_RELAXED)
#define put(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELAXED)

/* The counter has one writer at a time: whoever holds the mutex. */
static inline void add(uint64_t *counter, uint64_t amount)
{
	put(*counter, peek(*counter) + amount);
}

static inline void raise_to(uint64_t *maximum, uint64_t value)
{
	if (value > peek(*maximum))
		put(*maximum, value);
}

static inline void put_site(struct site *to, const struct site *from)
{
	put(to->caller, from->caller);
	put(to->native, from->native);
	put(to->python, from->python);
	put(to->tid, from->tid);
}

static inline struct site peek_site(const struct site *from)
{
	return (struct site){.caller = peek(from->caller),
			     .native = peek(from->native),
			     .python = peek(from->python),
			     .tid = peek(from->tid)};
}

/* Ticks of different processors may be a little apart: never negative. */
static inline uint64_t ticks_between(uint64_t begin, uint64_t end)
{
	return end > begin ? end - begin : 0;
}

#endif
