/* SPDX-License-Identifier: MIT */
#include "model/mutex_table.h"

#include "base/arena.h"
#include "model/atomic.h"

#include <pthread.h>
#include <string.h>

#define BUCKET_BITS 17

/* Pages of its own each, so that records lie in lines of their own. */
#define CHUNK_SIZE ((size_t)64 * 1024)
#define CHUNK_RECORDS (CHUNK_SIZE / sizeof(struct mutex_record))

/* Changed under the lock, read without. */
static struct mutex_record *buckets[1U << BUCKET_BITS];
static struct mutex_record *chunks[MUTEX_RECORDS_MAX / CHUNK_RECORDS + 1];
static unsigned int count;
static uint64_t dropped;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena arena, names; /* under the lock */

/*
 * Neighbours have neighbouring buckets, for the caches: whoever has many mutexes goes through them
 * in order, more often than not. What is further apart is spread by an odd number.
 */
static struct mutex_record **bucket_of(const void *address)
{
	uintptr_t far = (uintptr_t)address >> BUCKET_BITS;

	return &buckets[((uintptr_t)address + far * 40503) % countof(buckets)];
}

static struct mutex_record *find_in(struct mutex_record **bucket, const void *address)
{
	struct mutex_record *record = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);

	while (record && record->address != address)
		record = record->next;
	return record;
}

struct mutex_record *mutexes_find(const void *address)
{
	return find_in(bucket_of(address), address);
}

/* What the host knows of a new mutex. Asked without the lock: it has locks of its own. */
struct origin {
	bool runtime;
	uint32_t module;
};

/* A place for one more. */
static struct mutex_record *take_place(void)
{
	struct mutex_record **chunk = &chunks[count / CHUNK_RECORDS];

	if (count == MUTEX_RECORDS_MAX)
		return NULL;
	if (!*chunk)
		*chunk = arena_alloc(&arena, CHUNK_SIZE);
	return *chunk ? *chunk + count % CHUNK_RECORDS : NULL;
}

/* Others find it from the moment it is counted, or in its bucket. */
static struct mutex_record *make(struct mutex_record **bucket, const void *address,
				 const struct site *site, const struct origin *origin)
{
	struct mutex_record *record = take_place();

	if (!record)
		return NULL;
	record->address = address;
	record->first_use = *site;
	record->runtime = origin->runtime;
	record->module = origin->module;
	record->forward = mutexes_host.is_runtime(address); /* in its own memory */
	record->next = *bucket;
	__atomic_store_n(&count, count + 1, __ATOMIC_RELEASE);
	__atomic_store_n(bucket, record, __ATOMIC_RELEASE);
	return record;
}

static struct mutex_record *find_or_make(struct mutex_record **bucket, const void *address,
					 const struct site *site)
{
	bool was_busy = mutexes_host.set_busy(true);
	const struct origin origin = {
		.runtime = mutexes_host.is_runtime(site->caller),
		.module = mutexes_host.module(address),
	};
	struct mutex_record *record;

	pthread_mutex_lock(&lock);
	record = find_in(bucket, address);
	if (!record)
		record = make(bucket, address, site, &origin);
	if (!record)
		put(dropped, dropped + 1);
	pthread_mutex_unlock(&lock);
	mutexes_host.set_busy(was_busy);
	return record;
}

struct mutex_record *mutexes_get(const void *address, const struct site *site)
{
	struct mutex_record **bucket = bucket_of(address);
	struct mutex_record *record = find_in(bucket, address);

	return likely(record != NULL) ? record : find_or_make(bucket, address, site);
}

void mutexes_name(const void *address, const char *name, const struct site *site)
{
	struct mutex_record *record = mutexes_get(address, site);
	const char *copy;

	if (!record)
		return;
	pthread_mutex_lock(&lock);
	if (!record->name || strcmp(record->name, name) != 0) {
		copy = arena_strndup(&names, name, strlen(name));
		if (copy)
			__atomic_store_n(&record->name, copy, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&lock);
}

unsigned int mutex_table_count(void)
{
	return __atomic_load_n(&count, __ATOMIC_ACQUIRE);
}

struct mutex_record *mutex_table_get(unsigned int number)
{
	return chunks[number / CHUNK_RECORDS] + number % CHUNK_RECORDS;
}

void mutexes_for_each(mutexes_visit_fn *visit, void *context)
{
	for (unsigned int i = mutex_table_count(); i > 0; i--)
		visit(mutex_table_get(i - 1), context);
}

uint64_t mutex_table_dropped(void)
{
	return peek(dropped);
}

void mutex_table_before_fork(void)
{
	pthread_mutex_lock(&lock);
}

void mutex_table_after_fork(bool in_child)
{
	if (in_child)
		dropped = 0;
	pthread_mutex_unlock(&lock);
}
