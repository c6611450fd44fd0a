/* SPDX-License-Identifier: MIT */
/* Is this order right? Asked at each request; answered without a lock where it was asked before. */
#include "model/mutex_report.h"
#include "model/order.h"

/* Of one request; it hardly ever contradicts more orders at once. */
#define RINGS_MAX 4

static void tell_two(struct finding *finding, const struct order_ring *ring)
{
	finding_tell(finding, ROLE_HERE, "mutex asked for", &ring->asked[0]);
	finding_tell(finding, ROLE_LOCKED, "the other mutex locked before", &ring->locked[0]);
	finding_tell(finding, ROLE_OTHER, "in the opposite order, the other mutex asked for",
		     &ring->asked[1]);
	finding_tell(finding, ROLE_OTHER, "in the opposite order, this mutex locked before",
		     &ring->locked[1]);
}

static void tell_many(struct finding *finding, const struct order_ring *ring)
{
	finding_tell(finding, ROLE_HERE, "mutex asked for", &ring->asked[0]);
	finding_tell(finding, ROLE_LOCKED, "the next mutex of the ring locked before",
		     &ring->locked[0]);
	for (unsigned int i = 1; i < ring->size; i++) {
		finding_tell(finding, ROLE_OTHER, "this next one of the ring asked for",
			     &ring->asked[i]);
		finding_tell(finding, ROLE_OTHER,
			     i + 1 < ring->size ? "the one after it locked before that"
						: "the first one of the ring locked before that",
			     &ring->locked[i]);
	}
}

static void report(const struct order_ring *ring)
{
	struct finding finding;
	char wanted[MUTEX_LABEL_SIZE], held[MUTEX_LABEL_SIZE];

	mutex_label(ring->record[0], wanted);
	mutex_label(ring->record[1], held);
	if (ring->size == 2) {
		finding_begin(&finding, FINDING_MUTEX_LOCK_ORDER,
			      "mutex %s is taken while %s is held, and elsewhere %s while %s is "
			      "held: two threads may deadlock",
			      wanted, held, held, wanted);
		tell_two(&finding, ring);
	} else {
		finding_begin(&finding, FINDING_MUTEX_LOCK_ORDER,
			      "mutex %s is taken while %s is held, which makes a ring with orders "
			      "of other threads: %u threads may deadlock",
			      wanted, held, ring->size);
		tell_many(&finding, ring);
	}
	mutex_describe(&finding, ring->record[0]->address, ring->record[0]);
	for (unsigned int i = 1; i < ring->size; i++)
		mutex_describe_other(&finding, ring->record[i]);
	mutexes_host.finding(&finding);
}

/* The hold that lasts at this moment is told by its own place, unless the tree knows it better. */
static void tell_hold(struct order_ring *ring)
{
	struct site locked = peek_site(&ring->record[1]->locked);
	const struct site *known = &ring->locked[0];

	if (locked.native || !known->native || known->caller != locked.caller ||
	    known->tid != locked.tid)
		ring->locked[0] = locked;
}

static void judge(const struct mutex_request *request)
{
	const struct mutex_thread *thread = request->thread;
	struct order_ring ring[RINGS_MAX];
	unsigned int found = 0;
	struct order_node *node;

	order_lock();
	node = order_get(thread->context, request->record);
	if (node) {
		bool known = node->blocking && order_thread(node, thread->id) >= 0;

		order_note(node, thread, request->site, true);
		if (!known && peek(request->record->outer) &&
		    order_may_be_in_ring(node->parent->record, node->record))
			found = order_rings(node, thread->id, ring, RINGS_MAX);
	}
	order_unlock();
	for (unsigned int i = 0; i < found; i++) {
		ring[i].asked[0] = *request->site;
		tell_hold(&ring[i]);
		report(&ring[i]);
	}
}

void mutexes_requested(const struct mutex_request *request)
{
	struct mutex_thread *thread = request->thread;
	const struct mutex_record *record = request->record;
	const struct order_node *node;

	if (unlikely(!thread))
		return;
	order_refresh(thread);
	if (likely(!thread->context) || request->try_only || !mutex_is_judged(record))
		return;
	if (peek(record->owner) == thread)
		return; /* it will wait for itself: another finding */
	node = order_find(thread->context, record);
	if (likely(node && peek(node->blocking) && order_is_noted(node, thread, request->site)))
		return;
	if (node || !order_is_full())
		judge(request);
}

bool mutexes_wants_stack_now(const struct mutex_record *record, struct mutex_thread *thread)
{
	static const struct site no_stack; /* there may be no way to take one */
	const struct order_node *node;

	if (unlikely(!thread))
		return false;
	order_refresh(thread);
	if (likely(!thread->context && !peek(record->keep_stacks)) || !mutex_is_judged(record))
		return false;
	node = order_find(thread->context, record);
	if (!node && order_is_full())
		order_count_cut(); /* nobody asks further */
	if (!node)
		return !order_is_full();
	if (node->parent && !peek(node->blocking))
		return true; /* nobody was ready to wait yet */
	return !order_is_noted(node, thread, &no_stack);
}
