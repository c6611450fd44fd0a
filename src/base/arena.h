/* SPDX-License-Identifier: MIT */
/*
 * Memory for the tool's own records, taken straight from the kernel: a hook may run inside an
 * allocator, and Python's or libc's must never see the tool's blocks. Nothing is ever given back.
 *
 * Not thread safe: an arena belongs to one module, which calls it under its own lock.
 */
#ifndef PYTHREAD_TRACE_ARENA_H
#define PYTHREAD_TRACE_ARENA_H

#include "base/common.h"

struct arena {
	char *next;
	size_t left;
	uint64_t refused; /* allocations that could not be served */
};

/* Zeroed and aligned for any type. NULL when the kernel has no memory left; errno is kept. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of the first length bytes of text, with a final NUL. NULL as above. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);

#endif
