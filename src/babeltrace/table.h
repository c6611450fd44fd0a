/* SPDX-License-Identifier: MIT */
/*
 * uthash for keys of 64 bits, which finds them with one multiplication and does not end the
 * process when memory runs out. For .c files only, before any other header that takes uthash.
 *
 * An item begins with "uint64_t key" and has a "UT_hash_handle hh".
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_TABLE_H
#define PYTHREAD_TRACE_BABELTRACE_TABLE_H

#include "babeltrace/shortage.h"
#include "base/common.h"

#include <string.h>

static inline unsigned int table_hash(const void *key)
{
	uint64_t number;

	memcpy(&number, key, sizeof(number));
	number *= HASH_MULTIPLIER;
	/* uthash takes the lowest bits. */
	return (unsigned int)(number >> 32);
}

static bool table_refused __attribute__((unused));

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) (table_refused = shortage = true)
#define HASH_FUNCTION(key, length, hash) ((hash) = table_hash(key))

#include <uthash.h>

#define TABLE_FIND(head, wanted, out) HASH_FIND(hh, head, &(wanted), sizeof(uint64_t), out)

/* What is refused has to be freed by the caller. */
#define TABLE_ADD(head, item)                                                                      \
	do {                                                                                       \
		table_refused = false;                                                             \
		HASH_ADD(hh, head, key, sizeof(uint64_t), item);                                   \
	} while (0)

/* Frees all items; `other` is another variable of item's type. Needs stdlib.h. */
#define TABLE_FREE(head, item, other)                                                              \
	do {                                                                                       \
		(item) = (head);                                                                   \
		HASH_CLEAR(hh, head);                                                              \
		for (; item; (item) = (other)) {                                                   \
			(other) = (item)->hh.next;                                                 \
			free(item);                                                                \
		}                                                                                  \
	} while (0)

#endif
