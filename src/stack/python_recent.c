/* SPDX-License-Identifier: MIT */
/*
 * The stacks that were captured lately, found without a lock. A reader may see half of what one
 * writer wrote and half of another's: the first word is a digest only together with its own number.
 */
#include "stack/python_internal.h"

#include <stdatomic.h>

#define SLOTS 1024

static struct {
	atomic_uint_fast64_t mixed; /* digest ^ number */
	atomic_uint_fast64_t number;
} slots[SLOTS];

/* Acquire and release: who finds the number finds the stack too. */
uint32_t python_recall(uint64_t digest)
{
	size_t at = digest % SLOTS;
	uint64_t number = atomic_load_explicit(&slots[at].number, memory_order_acquire);
	uint64_t mixed = atomic_load_explicit(&slots[at].mixed, memory_order_relaxed);

	return likely((mixed ^ number) == digest) ? (uint32_t)number : 0;
}

void python_remember(uint64_t digest, uint32_t number)
{
	size_t at = digest % SLOTS;

	atomic_store_explicit(&slots[at].mixed, digest ^ number, memory_order_relaxed);
	atomic_store_explicit(&slots[at].number, number, memory_order_release);
}
