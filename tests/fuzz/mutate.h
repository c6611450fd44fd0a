/* SPDX-License-Identifier: MIT */
/* Inputs that are nearly like others. */
#ifndef PYTHREAD_TRACE_FUZZ_MUTATE_H
#define PYTHREAD_TRACE_FUZZ_MUTATE_H

#include "base/common.h"

/* Numbers that look like chance, and are the same for equal states. */
struct chance {
	uint64_t state;
};

uint64_t chance_next(struct chance *chance);

/* A number from 0 on; limit: not 0. */
static inline size_t chance_below(struct chance *chance, size_t limit)
{
	return chance_next(chance) % limit;
}

/* Changes something, perhaps by a piece of `other`; returns the new size, which is at most room. */
size_t mutate(struct chance *chance, uint8_t *data, size_t size, size_t room, const uint8_t *other,
	      size_t other_size);

#endif
