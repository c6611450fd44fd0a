/* SPDX-License-Identifier: MIT */
/*
 * The search for rings. It goes from a request to those who ask for what that one holds, and so on,
 * until one holds what the first one asks for. Shorter rings first; longer ones are looked for only
 * where there is none.
 */
#include "model/order.h"

struct search {
	const struct mutex_record *wanted; /* by the first */
	uint32_t taken; /* stamp of what is held by those who are in the ring so far */
	unsigned int steps, allowed;
	unsigned int limit; /* how many are to be in the ring */
	struct order_node *node[RING_MAX];
	uint64_t thread[RING_MAX]; /* 0: one of many */
	struct order_ring *rings;
	unsigned int found, size;
};

static bool is_news(const struct search *search)
{
	const struct mutex_record *set[RING_MAX] = {NULL};

	for (unsigned int i = 0; i < search->limit; i++)
		set[i] = search->node[i]->record;
	return order_is_news(set, search->limit);
}

static bool is_chosen(const struct search *search, unsigned int count, uint64_t id)
{
	for (unsigned int i = 0; i < count; i++) {
		if (search->thread[i] == id)
			return true;
	}
	return false;
}

/* Gives the requests from `place` on threads that are all different. */
static bool choose_threads(struct search *search, unsigned int place, unsigned int count)
{
	const struct order_node *node;

	if (place == count)
		return true;
	node = search->node[place];
	for (int i = 0; i < ORDER_THREADS; i++) {
		if (!node->thread[i] || is_chosen(search, place, node->thread[i]))
			continue;
		search->thread[place] = node->thread[i];
		if (choose_threads(search, place + 1, count))
			return true;
	}
	search->thread[place] = 0;
	return node->many && choose_threads(search, place + 1, count);
}

static const struct order_node *find_above(const struct order_node *node,
					   const struct mutex_record *record)
{
	do
		node = node->parent;
	while (node->record != record);
	return node;
}

static void keep_ring(struct search *search)
{
	struct order_ring *ring = &search->rings[search->found++];

	ring->size = search->limit;
	for (unsigned int i = 0; i < ring->size; i++) {
		const struct order_node *node = search->node[i];
		const struct order_node *next = search->node[(i + 1) % ring->size];
		int place = order_thread(node, search->thread[i]);

		ring->record[i] = node->record;
		ring->asked[i] = peek_site(&node->visit[place < 0 ? 0 : place].asked);
		ring->locked[i] =
			order_locked(node, find_above(node, next->record), search->thread[i]);
	}
}

static void stamp_above(const struct order_node *node, uint32_t stamp)
{
	while ((node = node->parent))
		node->record->alone->stamp = stamp;
}

/* Whether it holds nothing that another one in the ring holds. */
static bool is_apart(struct search *search, const struct order_node *node, bool *closes)
{
	*closes = false;
	while ((node = node->parent)) {
		search->steps++;
		if (node->record->alone->stamp == search->taken)
			return false;
		if (node->record == search->wanted)
			*closes = true;
	}
	return true;
}

static bool is_over(const struct search *search)
{
	return search->steps > search->allowed || search->found == search->size;
}

static void extend(struct search *search, unsigned int count);

static void try_next(struct search *search, struct order_node *node, unsigned int count)
{
	bool closes, last = count + 1 == search->limit;

	search->steps++;
	if (!node->blocking || !is_apart(search, node, &closes) || closes != last)
		return;
	search->node[count] = node;
	if (!choose_threads(search, 1, count + 1))
		return;
	if (last) {
		if (is_news(search))
			keep_ring(search);
		return;
	}
	stamp_above(node, search->taken);
	extend(search, count + 1);
	stamp_above(node, 0);
}

static bool is_worth_following(const struct search *search, const struct mutex_record *held)
{
	return !peek(held->handed_about) && order_may_be_in_ring(held, search->wanted);
}

/* To those who ask for one of the mutexes that the latest one holds. */
static void extend(struct search *search, unsigned int count)
{
	for (const struct order_node *held = search->node[count - 1]->parent; held;
	     held = held->parent) {
		struct order_node *node = held->record->alone;

		search->steps++;
		if (is_over(search))
			return;
		if (!is_worth_following(search, held->record))
			continue;
		for (; node && !is_over(search); node = node->same)
			try_next(search, node, count);
	}
}

unsigned int order_rings(struct order_node *node, uint64_t id, struct order_ring *rings,
			 unsigned int size)
{
	struct search search = {
		.wanted = node->record,
		.taken = order_new_stamp(),
		.allowed = order_steps(),
		.node[0] = node,
		.thread[0] = id,
		.rings = rings,
		.size = size,
	};

	if (peek(node->record->handed_about))
		return 0;
	stamp_above(node, search.taken);
	for (search.limit = 2; search.limit <= RING_MAX && !search.found; search.limit++)
		extend(&search, 1);
	if (search.steps > search.allowed)
		order_count_cut();
	order_count_steps(search.steps);
	return search.found;
}
