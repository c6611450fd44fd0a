/* SPDX-License-Identifier: MIT */
/*
 * Python stacks by number: texts, frames and stacks are each kept once. A small cache in front of
 * that knows frames by what is cheap to read, so that texts are looked at only at first sight.
 *
 * The cache does not keep code objects alive (the program would see that): python_code.c is about
 * that. Frames of equal digests are one.
 */
#include "stack/python_internal.h"
#include "stack/store.h"

#include <stdatomic.h>

/* uthash on the store's memory. What it gives back is lost: tables only grow, by doubling. */
#define uthash_malloc(size) store_alloc(size)
#define uthash_free(memory, size) ((void)0)
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) (item_was_added = false)
#define HASH_FUNCTION(key, length, hash) ((hash) = hash_of(key, length))
#include <uthash.h>

static bool item_was_added; /* by the last HASH_ADD; under the lock */

struct known_text {
	UT_hash_handle hh;
	char text[];
};

struct frame_key {
	const char *function;
	const char *file;
	intptr_t line; /* as wide as the rest: no padding in the key */
};

struct known_frame {
	UT_hash_handle hh;
	struct frame_key key;
};

struct known_stack {
	UT_hash_handle hh;
	uint32_t number;
	const struct known_frame *frame[];
};

static struct known_text *texts;
static struct known_frame *frames;
static struct known_stack *stacks;
static struct numbers numbers; /* of struct python_stack */
static atomic_uint_fast64_t dropped;

#define CACHE_SIZE 1024

static struct {
	uint64_t digest;
	const struct known_frame *frame;
} cache[CACHE_SIZE];

static inline unsigned int hash_of(const void *key, size_t length)
{
	const char *at = key;
	uint64_t hash = length;
	uint64_t word;

	for (; length >= sizeof(word); length -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash = (hash ^ word) * HASH_MULTIPLIER;
		hash ^= hash >> 32;
	}
	for (; length > 0; length--, at++)
		hash = (hash ^ (unsigned char)*at) * HASH_MULTIPLIER;
	return (unsigned int)(hash >> 32);
}

/* A text that is longer than this is cut off: no file name is. */
#define TEXT_SIZE 4096

static const char *intern_text(const char *object)
{
	static char copy[TEXT_SIZE]; /* under the lock; too big for a thread's stack */
	struct known_text *known;
	size_t length;

	python_text_copy(object, copy, sizeof(copy));
	length = strlen(copy);
	HASH_FIND(hh, texts, copy, length, known);
	if (known)
		return known->text;
	known = store_alloc(sizeof(*known) + length + 1);
	if (!known)
		return NULL;
	memcpy(known->text, copy, length + 1);
	item_was_added = true;
	HASH_ADD_KEYPTR(hh, texts, known->text, length, known);
	return item_was_added ? known->text : NULL;
}

static const struct known_frame *intern_frame(const struct python_raw_frame *raw)
{
	struct frame_key key = {
		.function = intern_text(python_load(raw->code, python_layout.code_name)),
		.file = intern_text(python_load(raw->code, python_layout.code_filename)),
		.line = python_code_line(raw->code, raw->unit),
	};
	struct known_frame *known;

	if (!key.function || !key.file)
		return NULL;
	HASH_FIND(hh, frames, &key, sizeof(key), known);
	if (known)
		return known;
	known = store_alloc(sizeof(*known));
	if (!known)
		return NULL;
	known->key = key;
	item_was_added = true;
	HASH_ADD(hh, frames, key, sizeof(key), known);
	return item_was_added ? known : NULL;
}

static const struct known_frame *find_frame(const struct python_raw_frame *raw)
{
	size_t at = raw->digest % CACHE_SIZE;

	if (!cache[at].frame || cache[at].digest != raw->digest) {
		cache[at].digest = raw->digest;
		cache[at].frame = intern_frame(raw);
	}
	return cache[at].frame;
}

static struct python_stack *make_stack(const struct known_frame *const *frame, unsigned int count)
{
	struct python_stack *stack = store_alloc(sizeof(*stack) + count * sizeof(stack->frame[0]));
	unsigned int i;

	if (!stack)
		return NULL;
	stack->count = count;
	for (i = 0; i < count; i++) {
		stack->frame[i].function = frame[i]->key.function;
		stack->frame[i].file = frame[i]->key.file;
		stack->frame[i].line = (int)frame[i]->key.line;
	}
	return stack;
}

static uint32_t add_stack(const struct known_frame *const *frame, unsigned int count)
{
	size_t size = count * sizeof(struct known_frame *);
	struct python_stack *stack = make_stack(frame, count);
	struct known_stack *known = store_alloc(sizeof(*known) + size);

	if (!stack || !known)
		return 0;
	memcpy(known->frame, frame, size);
	item_was_added = true;
	HASH_ADD_KEYPTR(hh, stacks, known->frame, size, known);
	if (!item_was_added)
		return 0;
	known->number = numbers_add(&numbers, stack);
	return known->number;
}

static uint32_t intern(const struct python_raw_frame *raw, unsigned int count)
{
	const struct known_frame *frame[PYTHON_DEPTH];
	struct known_stack *known;
	unsigned int i;

	for (i = 0; i < count; i++) {
		frame[i] = find_frame(&raw[i]);
		if (unlikely(!frame[i]))
			return 0;
	}
	HASH_FIND(hh, stacks, frame, count * sizeof(struct known_frame *), known);
	return likely(known) ? known->number : add_stack(frame, count);
}

uint32_t python_intern(const struct python_raw_frame *raw, unsigned int count)
{
	uint32_t number;

	store_lock();
	number = intern(raw, count);
	store_unlock();
	if (likely(number) && number <= UINT32_MAX - PYTHON_FIRST_STACK)
		return number - 1 + PYTHON_FIRST_STACK;
	atomic_fetch_add_explicit(&dropped, 1, memory_order_relaxed);
	return 0;
}

const struct python_stack *python_stack_get(uint32_t id)
{
	return id < PYTHON_FIRST_STACK ? NULL : numbers_get(&numbers, id - PYTHON_FIRST_STACK + 1);
}

uint64_t python_dropped(void)
{
	return atomic_load_explicit(&dropped, memory_order_relaxed);
}
