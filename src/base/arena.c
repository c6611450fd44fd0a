/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK_SIZE ((size_t)64 * 1024)

static bool refill(struct arena *arena, size_t size)
{
	int saved = errno;
	size_t length = size > CHUNK_SIZE ? size : CHUNK_SIZE;
	void *chunk =
		mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	errno = saved;
	if (chunk == MAP_FAILED)
		return false;
	arena->next = chunk;
	arena->left = length;
	return true;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	void *block;

	if (size > SIZE_MAX - align) {
		arena->refused++;
		return NULL;
	}
	size = (size + align - 1) & ~(align - 1);
	if (size > arena->left && !refill(arena, size)) {
		arena->refused++;
		return NULL;
	}
	block = arena->next;
	arena->next += size;
	arena->left -= size;
	return block;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	if (copy)
		memcpy(copy, text, length);
	return copy;
}
