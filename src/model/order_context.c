/* SPDX-License-Identifier: MIT */
/*
 * What a thread holds. Taking a mutex appends to its context; giving back the last one takes it
 * off. One that is given back out of order, or by somebody else, stays in the context until the
 * thread's next operation, which then makes a new context of those that it holds still.
 */
#include "model/order.h"

#define FEW 16

static bool holds(const struct mutex_thread *thread, const struct mutex_record *record)
{
	return peek(record->owner) == thread;
}

/* What goes on top of `base` again, the last one first. */
struct rest {
	struct order_node *base;
	unsigned int count;
	bool too_many;
	struct mutex_record *record[FEW];
};

static void find_rest(const struct mutex_thread *thread, struct rest *rest)
{
	struct mutex_record *held[FEW];
	unsigned int count = 0;

	*rest = (struct rest){.base = thread->context};
	for (struct order_node *node = thread->context; node; node = node->parent) {
		if (holds(thread, node->record)) {
			if (count < FEW)
				held[count] = node->record;
			count++;
			continue;
		}
		rest->base = node->parent;
		rest->too_many = count > FEW;
		for (; !rest->too_many && rest->count < count; rest->count++)
			rest->record[rest->count] = held[rest->count];
	}
}

/* False where an order is not known yet. */
static bool refresh_known(struct mutex_thread *thread)
{
	struct rest rest;
	struct order_node *node;

	find_rest(thread, &rest);
	node = rest.base;
	if (rest.too_many)
		return false;
	while (rest.count) {
		node = order_find(node, rest.record[--rest.count]);
		if (!node)
			return false;
	}
	thread->context = node;
	return true;
}

static void append(struct mutex_thread *thread, struct mutex_record *record,
		   const struct site *site)
{
	struct order_node *node = order_get(thread->context, record);

	if (!node) {
		thread->holds_more = true;
		return;
	}
	if (node->parent && order_thread(node, thread->id) < 0)
		order_note(node, thread, site, false);
	thread->context = node;
}

/* Any number of them. Their `todo` is ours under the lock. */
static void refresh_slowly(struct mutex_thread *thread)
{
	struct mutex_record *held = NULL, *rest = NULL;
	struct order_node *base = thread->context;

	order_lock();
	for (struct order_node *node = thread->context; node; node = node->parent) {
		if (holds(thread, node->record)) {
			node->record->alone->todo = held;
			held = node->record;
		} else {
			base = node->parent;
			rest = held;
		}
	}
	thread->context = base;
	for (; rest; rest = rest->alone->todo) {
		/* Somebody else may have unlocked it meanwhile, and a third one taken it. */
		struct site locked = peek_site(&rest->locked);

		append(thread, rest, &locked);
	}
	order_unlock();
}

void order_refresh_stale(struct mutex_thread *thread)
{
	__atomic_store_n(&thread->context_stale, false, __ATOMIC_SEQ_CST);
	if (!refresh_known(thread))
		refresh_slowly(thread);
}

/* One that is taken alone, by a thread that has not told yet where it does. */
static bool is_worth_noting(const struct order_node *node, const struct mutex_thread *thread,
			    const struct site *site)
{
	return !node->parent && site->native && !order_is_noted(node, thread, site);
}

void order_push(struct mutex_thread *thread, struct mutex_record *record, const struct site *site)
{
	struct order_node *node = order_find(thread->context, record);

	if (likely(node && !is_worth_noting(node, thread, site))) {
		thread->context = node;
		return;
	}
	if (!node && order_is_full()) {
		thread->holds_more = true;
		return;
	}
	order_lock();
	if (node)
		order_note(node, thread, site, false);
	append(thread, record, site);
	order_unlock();
}

void order_pop(struct mutex_thread *thread, const struct mutex_record *record)
{
	if (likely(thread->context && thread->context->record == record))
		thread->context = thread->context->parent;
	else if (thread->context)
		put(thread->context_stale, true);
}
