/* SPDX-License-Identifier: MIT */
/*
 * An open-addressing hash table of pointers to records. Writers hold the store's lock; readers
 * take none: a record is complete before its pointer is published, and a table that grew is
 * replaced as a whole while the old one stays readable. A reader that looks into the old one may
 * miss a new record; it then looks again under the lock.
 */
#include "stack/intern.h"

#include "stack/modules.h"
#include "stack/probe.h"
#include "stack/store.h"
#include "stack/trampoline.h"

#include <stdatomic.h>

#define FIRST_SLOTS 512u

struct record {
	uint64_t hash;
	uint32_t number;
	uint32_t confirmed; /* in this modules_time() its newest frame's module was there; atomic */
	struct native_stack stack;
};

struct table {
	size_t mask;
	size_t used; /* under the lock */
	struct record *_Atomic slot[];
};

static struct numbers numbers;
static struct table *_Atomic current;
static atomic_uint_fast64_t dropped;

/* Two chains, so that the multiplications overlap: this is on the way of every capture. */
static uint64_t hash_of(void *const *ip, unsigned int count)
{
	uint64_t even = count, odd = HASH_MULTIPLIER;
	unsigned int i;

	for (i = 0; i + 1 < count; i += 2) {
		even = (even ^ (uintptr_t)ip[i]) * HASH_MULTIPLIER;
		odd = (odd ^ (uintptr_t)ip[i + 1]) * HASH_MULTIPLIER;
	}
	if (i < count)
		even = (even ^ (uintptr_t)ip[i]) * HASH_MULTIPLIER;
	even = (even ^ (even >> 32) ^ odd) * HASH_MULTIPLIER;
	return even ^ (even >> 29);
}

static SLOW_PATH bool confirm(struct record *record, uint32_t time)
{
	const struct native_frame *newest = &record->stack.frame[0];

	if (!module_still_at(newest->module, (const char *)newest->ip - 1))
		return false;
	__atomic_store_n(&record->confirmed, time, __ATOMIC_RELAXED);
	return true;
}

/* Libraries may have come and gone since: equal addresses in another library are another stack. */
static inline bool is_current(struct record *record)
{
	uint32_t time = modules_time();

	if (likely(time && __atomic_load_n(&record->confirmed, __ATOMIC_RELAXED) == time))
		return true;
	return confirm(record, time);
}

static bool same(struct record *record, uint64_t hash, void *const *ip, unsigned int count)
{
	unsigned int i;

	if (record->hash != hash || record->stack.count != count)
		return false;
	for (i = 0; i < count; i++)
		if (record->stack.frame[i].ip != (uintptr_t)ip[i])
			return false;
	return is_current(record);
}

static uint32_t look_up(uint64_t hash, void *const *ip, unsigned int count)
{
	struct table *table = atomic_load_explicit(&current, memory_order_acquire);
	struct record *record;
	size_t at;

	if (!table)
		return 0;
	for (at = hash & table->mask;; at = (at + 1) & table->mask) {
		record = atomic_load_explicit(&table->slot[at], memory_order_acquire);
		if (!record)
			return 0;
		if (same(record, hash, ip, count))
			return record->number;
	}
}

static void put(struct table *table, struct record *record)
{
	size_t at = record->hash & table->mask;

	while (atomic_load_explicit(&table->slot[at], memory_order_relaxed))
		at = (at + 1) & table->mask;
	atomic_store_explicit(&table->slot[at], record, memory_order_release);
	table->used++;
}

/* A table with room for one more, so that every search ends at an empty slot. Under the lock. */
static struct table *roomy_table(void)
{
	struct table *old = atomic_load_explicit(&current, memory_order_relaxed);
	struct table *table;
	size_t slots, i;

	if (old && old->used < (old->mask + 1) / 2)
		return old;
	slots = old ? (old->mask + 1) * 2 : FIRST_SLOTS;
	table = store_alloc(sizeof(*table) + slots * sizeof(table->slot[0]));
	if (!table)
		return old && old->used < old->mask ? old : NULL;
	table->mask = slots - 1;
	for (i = 0; old && i <= old->mask; i++) {
		struct record *record = atomic_load_explicit(&old->slot[i], memory_order_relaxed);

		if (record)
			put(table, record);
	}
	atomic_store_explicit(&current, table, memory_order_release);
	return table;
}

/* Where an emulator runs the program, handlers return to memory of no module. */
static bool is_trampoline(const char *ip, uint32_t module)
{
	if (!module && !(probe_readable(ip) && probe_readable(ip + TRAMPOLINE_SIZE - 1)))
		return false;
	return trampoline_is_at(ip);
}

/* Under the lock. 0 when memory ran out. */
static uint32_t add(uint64_t hash, void *const *ip, const uint32_t *module, unsigned int count)
{
	struct table *table = roomy_table();
	struct record *record;
	unsigned int i;

	if (!table)
		return 0;
	record = store_alloc(sizeof(*record) + count * sizeof(record->stack.frame[0]));
	if (!record)
		return 0;
	record->hash = hash;
	record->stack.count = count;
	for (i = 0; i < count; i++) {
		record->stack.frame[i].ip = (uintptr_t)ip[i];
		record->stack.frame[i].module = module[i];
		if (is_trampoline(ip[i], module[i]))
			record->stack.in_signal_handler = true;
	}
	record->number = numbers_add(&numbers, record);
	if (record->number)
		put(table, record);
	return record->number;
}

static uint32_t first_sight(uint64_t hash, void *const *ip, unsigned int count)
{
	uint32_t module[STACK_DEPTH_MAX];
	uint32_t number;
	unsigned int i;

	for (i = 0; i < count; i++)
		module[i] = module_at((const char *)ip[i] - 1);
	store_lock();
	number = look_up(hash, ip, count);
	if (number == 0)
		number = add(hash, ip, module, count);
	store_unlock();
	if (number == 0)
		atomic_fetch_add_explicit(&dropped, 1, memory_order_relaxed);
	return number;
}

uint32_t intern_stack(void *const *ip, unsigned int count)
{
	uint64_t hash;
	uint32_t number;

	if (count == 0)
		return 0;
	hash = hash_of(ip, count);
	number = look_up(hash, ip, count);
	return likely(number) ? number : first_sight(hash, ip, count);
}

bool intern_is_current(const struct native_stack *stack)
{
	return is_current((struct record *)((char *)stack - offsetof(struct record, stack)));
}

const struct native_stack *intern_get(uint32_t number)
{
	const struct record *record = numbers_get(&numbers, number);

	return record ? &record->stack : NULL;
}

uint64_t intern_dropped(void)
{
	return atomic_load_explicit(&dropped, memory_order_relaxed);
}
