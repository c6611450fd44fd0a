/* SPDX-License-Identifier: MIT */
/*
 * Stands in for src/base/arena.c, whose memory is never given back: a fuzzer would run out of it,
 * and AddressSanitizer could not tell one block from the next.
 */
#include "base/arena.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

struct block {
	struct block *next;
	_Alignas(max_align_t) char data[];
};

static struct block *blocks;

void *arena_alloc(struct arena *arena, size_t size)
{
	struct block *block = size < SIZE_MAX / 2 ? calloc(1, sizeof(*block) + size) : NULL;

	if (!block) {
		arena->refused++;
		return NULL;
	}
	block->next = blocks;
	blocks = block;
	return block->data;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	if (copy)
		memcpy(copy, text, length);
	return copy;
}

void fuzz_forget(void)
{
	for (struct block *next; blocks; blocks = next) {
		next = blocks->next;
		free(blocks);
	}
}
