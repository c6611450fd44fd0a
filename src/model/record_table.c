/* SPDX-License-Identifier: MIT */
#include "model/record_table.h"

#include "base/arena.h"

#include <utlist.h>

static struct arena arena;

void *records_table_alloc(size_t size)
{
	return arena_alloc(&arena, size);
}

struct key_record *record_find(struct record_table *table, const void *address)
{
	struct key_record *record;

	HASH_FIND_PTR(table->by_address, &address, record);
	return record;
}

static bool is_dead(const struct key_record *record)
{
	return record->prev != NULL; /* utlist: a list's head points back at its tail */
}

static void leave_dead(struct record_table *table, struct key_record *record)
{
	if (!is_dead(record))
		return;
	DL_DELETE(table->dead, record);
	record->prev = record->next = NULL;
	table->dead_count--;
}

static struct key_record *take_oldest_dead(struct record_table *table)
{
	struct key_record *record = table->dead;

	leave_dead(table, record);
	record_forget_address(table, record);
	return record;
}

struct key_record *record_new(struct record_table *table)
{
	struct key_record *record;

	if (table->unused) {
		record = table->unused;
		table->unused = record->next;
	} else if (table->dead_count >= RECORDS_DEAD_MAX) {
		record = take_oldest_dead(table);
	} else {
		record = arena_alloc(&arena, sizeof(*record));
	}
	if (record)
		memset(record, 0, sizeof(*record));
	else
		table->dropped++;
	return record;
}

static void discard(struct record_table *table, struct key_record *record)
{
	record->next = table->unused;
	table->unused = record;
}

struct key_record *record_get(struct record_table *table, const void *address)
{
	struct key_record *record = record_find(table, address);

	if (record)
		return record;
	record = record_new(table);
	if (!record)
		return NULL;
	record->address = address;
	HASH_ADD_PTR(table->by_address, address, record);
	if (!record->hh.tbl) { /* the table could not grow */
		table->dropped++;
		discard(table, record);
		return NULL;
	}
	return record;
}

/* A struct from PyThread_tss_alloc must be known until it is freed, or its free looks wrong. */
static bool may_be_forgotten(const struct key_record *record)
{
	if (record->state == KEY_LIVE || record->state == KEY_ALLOCATED)
		return false;
	return !record->from_alloc && record->address != NULL;
}

void record_enter(struct record_table *table, struct key_record *record, enum key_state state)
{
	leave_dead(table, record);
	record->state = state;
	if (may_be_forgotten(record)) {
		DL_APPEND(table->dead, record);
		table->dead_count++;
	}
}

void record_forget_address(struct record_table *table, struct key_record *record)
{
	if (record->hh.tbl)
		HASH_DEL(table->by_address, record);
	memset(&record->hh, 0, sizeof(record->hh));
}
