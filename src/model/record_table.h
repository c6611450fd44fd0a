/* SPDX-License-Identifier: MIT */
/*
 * Key records, found by the address of their struct. Dead ones are kept for their story, as many
 * as RECORDS_DEAD_MAX, then the oldest are used again. Called with the registry's lock held.
 */
#ifndef PYTHREAD_TRACE_RECORD_TABLE_H
#define PYTHREAD_TRACE_RECORD_TABLE_H

/* The hash table's own memory comes from the arena as well, and may run out. */
#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) records_table_alloc(size)
#define uthash_free(block, size) ((void)(block))
#define HASH_FUNCTION(key, length, value) ((value) = record_hash(key))
#include "model/site.h"

#include <string.h>
#include <uthash.h>

/* Keys are addresses: their own bits, mixed, spread well enough. */
static inline unsigned int record_hash(const void *key)
{
	uintptr_t address;

	memcpy(&address, key, sizeof(address));
	return (unsigned int)((address * HASH_MULTIPLIER) >> 32);
}

#define RECORDS_DEAD_MAX 4096

void *records_table_alloc(size_t size);

enum key_state {
	KEY_ALLOCATED, /* by PyThread_tss_alloc, not created yet */
	KEY_LIVE,
	KEY_DELETED,
	KEY_FREED,
	KEY_FAILED, /* creation was tried and failed; `created` is the attempt */
};

struct key_record {
	const void *address; /* NULL for a legacy key */
	const char *name;
	unsigned int slot;
	enum key_state state;
	bool from_alloc; /* its memory is PyThread_tss_alloc's, and not freed */
	bool runtime;
	bool inherited; /* came with a fork */
	struct site allocated, created, deleted, freed;
	struct site overwritten; /* a live key's struct became another key's here */
	UT_hash_handle hh;
	struct key_record *prev, *next; /* among the dead, oldest first */
};

struct record_table {
	struct key_record *by_address; /* uthash's head */
	struct key_record *dead;
	struct key_record *unused;
	unsigned int dead_count;
	uint64_t dropped;
	bool allocation_dropped; /* a PyThread_tss_alloc went unrecorded */
};

/* NULL when there is none. */
struct key_record *record_find(struct record_table *table, const void *address);

/* The record of that address, made where there is none; NULL when memory is out. */
struct key_record *record_get(struct record_table *table, const void *address);

/* One that is not in the table, for a legacy key. NULL when memory is out. */
struct key_record *record_new(struct record_table *table);

/* Enters a new state; dead records queue up for re-use where their story may be forgotten. */
void record_enter(struct record_table *table, struct key_record *record, enum key_state state);

/* Takes it out of the table: its address belongs to something else now. */
void record_forget_address(struct record_table *table, struct key_record *record);

#endif
