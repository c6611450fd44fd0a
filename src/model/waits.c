/* SPDX-License-Identifier: MIT */
#include "model/waits.h"

#include "model/atomic.h"
#include "model/mutex_report.h"
#include "model/mutex_table.h"
#include "model/waits_ring.h"

/* All threads that ever waited, the latest first. */
static struct mutex_thread *threads;

static void enlist(struct mutex_thread *thread)
{
	if (likely(thread->listed))
		return;
	thread->listed = true;
	thread->next_waiting = peek(threads);
	while (!__atomic_compare_exchange_n(&threads, &thread->next_waiting, thread, true,
					    __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		continue;
}

void mutexes_wait_resume(struct mutex_thread *thread, struct mutex_record *record)
{
	__atomic_add_fetch(&record->waiters, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&thread->waiting_for, record, __ATOMIC_SEQ_CST);
}

struct mutex_record *mutexes_wait_pause(struct mutex_thread *thread)
{
	struct mutex_record *record = peek(thread->waiting_for);

	if (!record)
		return NULL;
	__atomic_store_n(&thread->waiting_for, NULL, __ATOMIC_SEQ_CST);
	__atomic_sub_fetch(&record->waiters, 1, __ATOMIC_RELAXED);
	return record;
}

static void publish(const struct mutex_request *request, uint64_t now)
{
	struct mutex_thread *thread = request->thread;

	put(thread->told, false);
	put(thread->waiting_since, now);
	put_site(&thread->waiting_at, request->site);
	mutexes_wait_resume(thread, request->record);
	enlist(thread);
}

static void judge_orphan(struct mutex_record *record, const struct site *site)
{
	uint8_t orphaned = MUTEX_ORPHAN;

	if (__atomic_compare_exchange_n(&record->orphaned, &orphaned, MUTEX_ORPHAN_TOLD, false,
					__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		mutex_report_held_at_fork(record, site);
}

void mutexes_wait_begin(const struct mutex_request *request, uint64_t now)
{
	struct mutex_record *record = request->record;

	if (!request->thread)
		return;
	publish(request, now);
	if (request->try_only || !mutex_is_judged(record))
		return;
	if (peek(record->orphaned))
		judge_orphan(record, request->site);
	waits_judge_ring(request);
}

void mutexes_wait_end(struct mutex_thread *thread)
{
	if (thread)
		mutexes_wait_pause(thread);
}

static void describe_holder(struct mutex_wait *wait)
{
	const struct mutex_thread *owner = __atomic_load_n(&wait->record->owner, __ATOMIC_ACQUIRE);

	if (!owner)
		return;
	wait->holder = peek(owner->tid);
	wait->held_since = peek(wait->record->taken_at);
	wait->locked = peek_site(&wait->record->locked);
}

/* False when it does not wait, or ceased to while we looked. */
static bool describe_wait(struct mutex_wait *wait, const struct mutex_thread *thread)
{
	*wait = (struct mutex_wait){.record = waits_for(thread)};
	if (!wait->record)
		return false;
	wait->tid = peek(thread->tid);
	wait->since = __atomic_load_n(&thread->waiting_since, __ATOMIC_ACQUIRE);
	wait->site = peek_site(&thread->waiting_at);
	describe_holder(wait);
	return waits_for(thread) == wait->record && peek(thread->waiting_since) == wait->since;
}

unsigned int mutexes_waits(struct mutex_wait *waits, unsigned int size)
{
	unsigned int count = 0;

	for (const struct mutex_thread *thread = __atomic_load_n(&threads, __ATOMIC_ACQUIRE);
	     thread; thread = thread->next_waiting) {
		struct mutex_wait wait;

		if (!describe_wait(&wait, thread))
			continue;
		if (count < size)
			waits[count] = wait;
		count++;
	}
	return count;
}

void waits_before_fork(void)
{
	waits_ring_lock();
}

static void orphan(struct mutex_record *record, const struct mutex_thread *survivor)
{
	record->waiters = 0;
	if (!record->owner || record->owner == survivor)
		return;
	record->owner = NULL;
	record->taken_at = 0;
	record->timing &= MUTEX_BRIEF;
	record->orphaned = MUTEX_ORPHAN;
}

void waits_after_fork(bool in_child, const struct mutex_thread *survivor)
{
	if (in_child) {
		for (struct mutex_thread *thread = threads; thread; thread = thread->next_waiting) {
			thread->waiting_for = NULL;
			if (thread != survivor)
				thread->context = NULL;
		}
		for (unsigned int i = 0; i < mutex_table_count(); i++)
			orphan(mutex_table_get(i), survivor);
	}
	waits_ring_unlock();
}
