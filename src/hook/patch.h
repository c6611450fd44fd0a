/* SPDX-License-Identifier: MIT */
/* One word of memory that may be write-protected. */
#ifndef PYTHREAD_TRACE_PATCH_H
#define PYTHREAD_TRACE_PATCH_H

#include "base/common.h"

/*
 * Stores value at slot in one atomic write, making the page writable around it and then giving it
 * back `protection` (PROT_*), or what it has now when that is -1. 0 or an errno value; errno itself
 * is kept.
 */
int patch_word(uintptr_t *slot, uintptr_t value, int protection);

#endif
