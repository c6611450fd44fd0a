/* SPDX-License-Identifier: MIT */
/* Inputs that are nearly like others. */
#ifndef PYTHREAD_TRACE_FUZZ_MUTATE_H
#define PYTHREAD_TRACE_FUZZ_MUTATE_H

#include "base/common.h"
#include "tests/unit/chance.h"

/* Changes something, perhaps by a piece of `other`; returns the new size, which is at most room. */
size_t mutate(struct chance *chance, uint8_t *data, size_t size, size_t room, const uint8_t *other,
	      size_t other_size);

#endif
