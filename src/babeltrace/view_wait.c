/* SPDX-License-Identifier: MIT */
#include "babeltrace/view_internal.h"

#include <stdlib.h>

static bool waits(const struct making *making, const struct thread *thread)
{
	return thread->waits_for && thread->since <= making->end &&
	       thread->doubt == *making->process->doubt;
}

static unsigned int count_waits(const struct making *making)
{
	unsigned int count = 0;

	for (const struct thread *thread = making->process->newest_thread; thread;
	     thread = thread->next)
		count += waits(making, thread);
	return count;
}

static int compare(const void *left, const void *right)
{
	const struct report_wait *a = ((const struct shown_wait *)left)->facts;
	const struct report_wait *b = ((const struct shown_wait *)right)->facts;

	return a->waiting_ns < b->waiting_ns ? 1 : a->waiting_ns > b->waiting_ns ? -1 : 0;
}

static void show(struct making *making, struct shown_wait *out, struct report_wait *facts,
		 const struct thread *thread)
{
	const struct lock *lock = thread->waits_for;

	facts->tid = thread->tid;
	facts->waiting_ns = making->end - thread->since;
	if (lock->held) {
		facts->holder = lock->owner;
		facts->held_ns = lock->since_known ? making->end - lock->taken : 0;
		out->locked = view_stack(making, &lock->locked, ROLE_LOCKED, NULL);
	}
	out->facts = facts;
	out->id = view_mutex_id(making, lock);
	out->thread_name = view_thread_name(making, thread->tid);
	out->holder_name = view_thread_name(making, facts->holder);
	out->waiting = view_stack(making, &thread->waiting, ROLE_HERE, NULL);
}

bool view_waits(struct making *making)
{
	struct pool *pool = &making->view->pool;
	unsigned int count = count_waits(making), next = 0;
	struct shown_wait *shown = pool_take(pool, count, sizeof(*shown));
	struct report_wait *facts = pool_take(pool, count, sizeof(*facts));

	if (!shown || !facts)
		return false;
	for (const struct thread *thread = making->process->newest_thread; thread;
	     thread = thread->next) {
		if (waits(making, thread)) {
			show(making, &shown[next], &facts[next], thread);
			next++;
		}
	}
	qsort(shown, count, sizeof(*shown), compare);
	making->view->document.waits = shown;
	making->view->document.wait_count = count;
	making->view->facts.waits = facts;
	making->view->facts.wait_count = count;
	return true;
}

bool view_longest(struct making *making)
{
	const struct longest *longest = &making->process->longest;
	unsigned int count = longest->count;
	struct view_wait *shown;

	if (!making->wanted->all && count > making->wanted->top)
		count = making->wanted->top; /* in JSON */
	shown = pool_take(&making->view->pool, count, sizeof(*shown));
	if (!shown)
		return false;
	for (unsigned int i = 0; i < count; i++) {
		const struct past_wait *wait = &longest->wait[i];

		shown[i].facts = wait;
		shown[i].id = view_mutex_id(making, wait->lock);
		shown[i].thread_name = view_thread_name(making, wait->waited.tid);
		shown[i].holder_name = view_thread_name(making, wait->holder);
		shown[i].waited = view_stack(making, &wait->waited, ROLE_HERE, NULL);
		shown[i].locked = view_stack(making, &wait->locked, ROLE_LOCKED, NULL);
	}
	making->view->longest = shown;
	making->view->longest_count = count;
	return true;
}
