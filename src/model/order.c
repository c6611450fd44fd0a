/* SPDX-License-Identifier: MIT */
#include "model/order.h"

#include "base/arena.h"

#include <pthread.h>

#define BUCKET_BITS 15

_Static_assert(sizeof(struct mutex_record) + sizeof(struct order_node) <= 300,
	       "what a mutex may cost");

static struct order_node *buckets[1U << BUCKET_BITS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Written under the lock. */
static struct arena arena;
static unsigned int count;
static bool full;
static bool was_busy;

static uint64_t dropped; /* atomic */

void order_lock(void)
{
	bool before = mutexes_host.set_busy(true);

	pthread_mutex_lock(&lock);
	was_busy = before;
}

void order_unlock(void)
{
	bool before = was_busy;

	pthread_mutex_unlock(&lock);
	mutexes_host.set_busy(before);
}

static struct order_node **bucket_of(const struct order_node *parent,
				     const struct mutex_record *record)
{
	uint64_t mixed = ((uintptr_t)parent * HASH_MULTIPLIER) ^
			 ((uintptr_t)record * UINT64_C(0xd6e8feb86659fd93));

	mixed ^= mixed >> 32;
	return &buckets[(mixed * HASH_MULTIPLIER) >> (64 - BUCKET_BITS)];
}

struct order_node *order_find(const struct order_node *parent, const struct mutex_record *record)
{
	struct order_node *node;

	if (!parent)
		return __atomic_load_n(&record->alone, __ATOMIC_ACQUIRE);
	node = __atomic_load_n(bucket_of(parent, record), __ATOMIC_ACQUIRE);
	while (node && (node->parent != parent || node->record != record))
		node = node->hashed;
	return node;
}

void *order_alloc(size_t size)
{
	void *block = arena_alloc(&arena, size);

	if (!block)
		order_count_cut();
	return block;
}

static struct order_node *make(struct order_node *parent, struct mutex_record *record)
{
	size_t visits = parent ? ORDER_THREADS : 0;
	struct order_node *node = NULL;

	if (count < ORDER_NODES_MAX)
		node = arena_alloc(&arena, sizeof(*node) + visits * sizeof(node->visit[0]));
	if (!node) {
		put(full, true);
		order_count_cut();
		return NULL;
	}
	count++;
	node->parent = parent;
	node->record = record;
	return node;
}

static struct order_node *get_alone(struct mutex_record *record)
{
	if (!record->alone)
		__atomic_store_n(&record->alone, make(NULL, record), __ATOMIC_RELEASE);
	return record->alone;
}

/* It and all before it are in some order now. */
static void mark_order(struct order_node *parent, struct mutex_record *record)
{
	put(parent->record->outer, true);
	put(parent->record->keep_stacks, true);
	put(record->keep_stacks, true);
}

struct order_node *order_get(struct order_node *parent, struct mutex_record *record)
{
	struct order_node *node = order_find(parent, record);
	struct order_node *alone = node || full ? NULL : get_alone(record);
	struct order_node **bucket;

	if (node || !alone || !parent)
		return node ? node : alone;
	node = make(parent, record);
	if (!node)
		return NULL;
	node->same = alone->same;
	alone->same = node;
	mark_order(parent, record);
	bucket = bucket_of(parent, record);
	node->hashed = *bucket;
	__atomic_store_n(bucket, node, __ATOMIC_RELEASE);
	order_rank(node);
	return node;
}

bool order_is_full(void)
{
	return peek(full);
}

void order_count_cut(void)
{
	__atomic_add_fetch(&dropped, 1, __ATOMIC_RELAXED);
}

uint64_t order_dropped(void)
{
	return peek(dropped);
}

void order_before_fork(void)
{
	pthread_mutex_lock(&lock);
}

void order_after_fork(bool in_child)
{
	if (in_child)
		dropped = 0;
	pthread_mutex_unlock(&lock);
}
