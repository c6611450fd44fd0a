/* SPDX-License-Identifier: MIT */
/* What happens to mutexes, told by whoever holds them. */
#include "model/mutexes.h"

#include "model/mutex_report.h"
#include "model/order.h"

/* Two microseconds at most, whatever a tick is, and so many holds before they are called brief. */
#define BRIEF_TICKS 2048
#define BRIEF_LEAST 1024

static void ignore(const struct finding *finding)
{
	(void)finding;
}

static bool is_nobody(const void *code)
{
	(void)code;
	return false;
}

static uint32_t is_nowhere(const void *address)
{
	(void)address;
	return 0;
}

static bool stay_idle(bool busy)
{
	(void)busy;
	return false;
}

/* Before there is a host: nobody is known, and nothing is said. */
struct mutexes_host mutexes_host = {
	.finding = ignore, .is_runtime = is_nobody, .module = is_nowhere, .set_busy = stay_idle};

static void set_taken_at(struct mutex_record *record, uint64_t now)
{
	uint8_t brief = peek(record->timing) & MUTEX_BRIEF;

	put(record->taken_at, now);
	put(record->timing, now ? brief | MUTEX_TIMED : brief);
}

static bool has_changed_hands(const struct mutex_record *record, const struct mutex_thread *thread)
{
	pid_t last = peek(record->locked.tid);

	return last && last != thread->tid;
}

static void count(struct mutex_record *record, const struct mutex_request *request, bool contended,
		  uint64_t waited)
{
	add(&record->acquired, 1);
	if (contended)
		add(&record->contended, 1);
	if (request->thread && has_changed_hands(record, request->thread))
		add(&record->owner_changes, 1);
	if (!waited)
		return;
	add(&record->wait_total, waited);
	if (waited > peek(record->wait_max)) {
		put(record->wait_max, waited);
		put_site(&record->waited_for, request->site);
	}
}

/*
 * Nobody is known to hold it from now on. The order matters: the one who held it may look at its
 * context at any moment, and must find it stale after the owner is gone.
 */
static void disown(struct mutex_record *record, struct mutex_thread *owner,
		   const struct mutex_thread *by)
{
	put(record->owner, NULL);
	if (owner != by)
		__atomic_store_n(&owner->context_stale, true, __ATOMIC_SEQ_CST);
	else if (mutex_is_judged(record))
		order_pop(owner, record);
}

static void own(struct mutex_record *record, const struct mutex_request *request)
{
	struct mutex_thread *thread = request->thread;

	if (mutex_is_judged(record)) {
		order_refresh(thread);
		order_push(thread, record, request->site);
	}
	__atomic_store_n(&record->owner, thread, __ATOMIC_RELEASE);
}

void mutexes_acquired(const struct mutex_request *request, uint64_t now, bool contended,
		      uint64_t waited)
{
	struct mutex_record *record = request->record;
	struct mutex_thread *owner = peek(record->owner);
	bool sure = request->sure && request->thread;

	count(record, request, contended, waited);
	put_site(&record->locked, request->site);
	set_taken_at(record, sure ? now : 0);
	if (unlikely(peek(record->orphaned)))
		put(record->orphaned, 0);
	/* This is another mutex, at the address of one that was never unlocked. */
	if (unlikely(owner != NULL))
		disown(record, owner, request->thread);
	if (likely(sure))
		own(record, request);
}

static uint64_t held_for(const struct mutex_record *record, uint64_t now)
{
	uint64_t taken_at = peek(record->taken_at);

	return taken_at ? ticks_between(taken_at, now) : 0;
}

bool mutexes_is_long_hold(const struct mutex_record *record, uint64_t now)
{
	return unlikely(mutexes_host.long_hold != 0) && mutex_is_judged(record) &&
	       held_for(record, now) >= mutexes_host.long_hold;
}

bool mutexes_is_long_wait(uint64_t waited)
{
	return unlikely(mutexes_host.long_wait != 0) && waited >= mutexes_host.long_wait;
}

/* Its first holds are all timed, and then again those of one that is not brief any more. */
static bool is_brief(const struct mutex_record *record)
{
	uint64_t acquired = peek(record->acquired);

	return acquired >= BRIEF_LEAST && !mutexes_host.time_all &&
	       peek(record->hold_total) < acquired * BRIEF_TICKS;
}

void mutexes_count_hold(struct mutex_record *record, uint64_t now)
{
	uint64_t held = held_for(record, now);

	if (unlikely(!peek(record->owner))) /* which has ended: another thread gives it back */
		put(record->handed_about, true);
	add(&record->hold_total, mutexes_is_brief(record) ? held * HOLD_SAMPLE : held);
	raise_to(&record->hold_max, held);
	put(record->taken_at, 0);
	put(record->timing, is_brief(record) ? MUTEX_BRIEF : 0);
}

void mutexes_releasing(struct mutex_record *record, struct mutex_thread *thread,
		       const struct site *site, uint64_t now)
{
	struct mutex_thread *owner = peek(record->owner);
	uint64_t held = held_for(record, now);

	if (unlikely(mutexes_is_long_hold(record, now)))
		mutex_report_long_hold(record, held, site);
	if (peek(record->taken_at))
		mutexes_count_hold(record, now);
	if (unlikely(peek(record->orphaned)))
		put(record->orphaned, 0);
	if (unlikely(!owner))
		return;
	if (unlikely(thread && owner != thread))
		put(record->handed_about, true);
	disown(record, owner, thread);
}

void mutexes_thread_begin(struct mutex_thread *thread, pid_t tid)
{
	static uint64_t last;

	put(thread->id, __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED));
	put(thread->tid, tid);
	put(thread->context_stale, false);
	put(thread->told, false);
	put(thread->waiting_for, NULL);
	thread->context = NULL;
	thread->holds_more = false;
}

static void end_hold(struct mutex_record *record, struct mutex_thread *thread,
		     const struct site *site)
{
	if (peek(record->owner) != thread)
		return;
	if (site && !peek(record->handed_about) && mutex_is_judged(record))
		mutex_report_held_at_exit(record, site);
	put(record->owner, NULL);
}

void mutexes_thread_end(struct mutex_thread *thread, const struct site *site)
{
	mutexes_wait_end(thread);
	order_refresh(thread);
	for (struct order_node *node = thread->context; node; node = node->parent)
		end_hold(node->record, thread, site);
	/* Another thread will have this memory: nobody may be thought to be it. */
	for (unsigned int i = 0; thread->holds_more && i < mutex_table_count(); i++)
		end_hold(mutex_table_get(i), thread, site);
	thread->context = NULL;
}
