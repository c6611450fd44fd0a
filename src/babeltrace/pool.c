/* SPDX-License-Identifier: MIT */
#include "babeltrace/pool.h"

#include "babeltrace/shortage.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)1 << 16)

struct pool_block {
	struct pool_block *next;
	alignas(max_align_t) char data[];
};

static bool grow(struct pool *pool, size_t size)
{
	size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct pool_block *block = shortage_note(calloc(1, sizeof(*block) + room));

	if (!block)
		return false;
	block->next = pool->blocks;
	pool->blocks = block;
	pool->next = block->data;
	pool->left = room;
	return true;
}

void *pool_take(struct pool *pool, size_t count, size_t size)
{
	size_t align = alignof(max_align_t);
	void *taken;

	if (__builtin_mul_overflow(count, size, &size) || size > SIZE_MAX / 2)
		return NULL;
	size = size ? (size + align - 1) & ~(align - 1) : align;
	if (size > pool->left && !grow(pool, size))
		return NULL;
	taken = pool->next;
	pool->next += size;
	pool->left -= size;
	return taken;
}

char *pool_copy(struct pool *pool, const char *text, size_t length)
{
	char *copy = pool_take(pool, length + 1, 1);

	if (copy)
		memcpy(copy, text, length);
	return copy;
}

void pool_free(struct pool *pool)
{
	struct pool_block *block, *next;

	for (block = pool->blocks; block; block = next) {
		next = block->next;
		free(block);
	}
	memset(pool, 0, sizeof(*pool));
}
