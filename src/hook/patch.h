/* SPDX-License-Identifier: MIT */
/*
 * Words of memory that may be write-protected. One thread at a time: the first one to end would
 * protect the pages of another again.
 */
#ifndef PYTHREAD_TRACE_PATCH_H
#define PYTHREAD_TRACE_PATCH_H

#include "base/common.h"

struct patch {
	uintptr_t *slot;
	uintptr_t value;
};

/*
 * Stores each value at its slot in one atomic write, making the pages from the first to the last
 * writable around it and then giving them back `protection` (PROT_*), which all have, or what they
 * have now when that is -1. 0 or an errno value, and nothing stored; errno itself is kept.
 */
int patch_words(const struct patch *patches, size_t count, int protection);

int patch_word(uintptr_t *slot, uintptr_t value, int protection);

#endif
