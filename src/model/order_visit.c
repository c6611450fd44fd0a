/* SPDX-License-Identifier: MIT */
/* Who came to a node of the tree, and from where. */
#include "model/order.h"

int order_thread(const struct order_node *node, uint64_t id)
{
	for (int i = 0; id && i < ORDER_THREADS; i++) {
		if (__atomic_load_n(&node->thread[i], __ATOMIC_ACQUIRE) == id)
			return i;
	}
	return -1;
}

/* A place with a stack says more than one without. */
static bool says_more(const struct site *old, const struct site *new)
{
	return !peek(old->native) && peek(new->native);
}

bool order_is_noted(const struct order_node *node, const struct mutex_thread *thread,
		    const struct site *asked)
{
	int known = order_thread(node, thread->id);
	const struct order_visit *visit;

	if (known < 0)
		return peek(node->many);
	if (!node->parent)
		return true;
	visit = &node->visit[known];
	return !says_more(&visit->asked, asked) &&
	       !says_more(&visit->locked, &node->parent->record->locked);
}

static int take_place(struct order_node *node, uint64_t id)
{
	for (int i = 0; i < ORDER_THREADS; i++) {
		if (!node->thread[i]) {
			__atomic_store_n(&node->thread[i], id, __ATOMIC_RELEASE);
			return i;
		}
	}
	put(node->many, true);
	return -1;
}

static void forget_threads(struct order_node *node)
{
	for (int i = 0; i < ORDER_THREADS; i++)
		put(node->thread[i], 0);
	put(node->many, false);
}

static void note_visit(struct order_visit *visit, const struct mutex_record *parent,
		       const struct site *asked, bool known)
{
	if (!known || says_more(&visit->asked, asked))
		put_site(&visit->asked, asked);
	if (!known || says_more(&visit->locked, &parent->locked)) {
		struct site locked = peek_site(&parent->locked);

		put_site(&visit->locked, &locked);
	}
}

void order_note(struct order_node *node, const struct mutex_thread *thread,
		const struct site *asked, bool blocking)
{
	bool known;
	int place;

	if (blocking && !node->blocking)
		forget_threads(node);
	else if (!blocking && node->blocking)
		return;
	put(node->blocking, blocking);
	place = order_thread(node, thread->id);
	known = place >= 0;
	if (!known)
		place = take_place(node, thread->id);
	if (place >= 0 && node->parent)
		note_visit(&node->visit[place], node->parent->record, asked, known);
}

struct site order_locked(const struct order_node *node, const struct order_node *above, uint64_t id)
{
	const struct order_node *below = node;
	int place;

	while (below->parent != above)
		below = below->parent;
	place = order_thread(below, id);
	if (place >= 0 && peek(below->visit[place].locked.native))
		return peek_site(&below->visit[place].locked);
	if (above->parent && order_thread(above, id) >= 0)
		return peek_site(&above->visit[order_thread(above, id)].asked);
	return peek_site(&below->visit[place >= 0 ? place : 0].locked);
}
