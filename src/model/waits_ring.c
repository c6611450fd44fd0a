/* SPDX-License-Identifier: MIT */
#include "model/waits_ring.h"

#include "model/atomic.h"
#include "model/mutex_report.h"
#include "model/mutex_table.h"

#include <pthread.h>

/* A walk that is longer goes round in a ring that is somebody else's. */
#define WALK_MAX 2048

/* A ring is reported once, by whoever has this lock first. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void waits_ring_lock(void)
{
	pthread_mutex_lock(&lock);
}

void waits_ring_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

/* From a mutex to who is known to hold it and is to blame when it does not unlock it. */
static struct mutex_thread *holder_of(const struct mutex_record *record)
{
	if (peek(record->handed_about) || !mutex_is_judged(record))
		return NULL;
	return __atomic_load_n(&record->owner, __ATOMIC_SEQ_CST);
}

/* Equal numbers: the same threads, in the same waits for the same holds. */
static uint64_t mix(uint64_t all, uint64_t one)
{
	all = (all ^ one) * HASH_MULTIPLIER;
	return all ^ (all >> 29);
}

struct walk {
	unsigned int length; /* threads in the ring; 0: it is none */
	uint64_t trace;
};

static struct walk walk_from(const struct mutex_request *request)
{
	const struct mutex_record *record = request->record;
	struct walk walk = {0};

	for (unsigned int length = 1; record && length <= WALK_MAX; length++) {
		const struct mutex_thread *holder = holder_of(record);

		if (!holder)
			break;
		walk.trace = mix(walk.trace, (uintptr_t)record);
		walk.trace = mix(walk.trace, peek(record->taken_at));
		walk.trace = mix(walk.trace, peek(holder->id));
		walk.trace = mix(walk.trace, peek(holder->waiting_since));
		if (holder == request->thread) {
			walk.length = length;
			break;
		}
		record = waits_for(holder);
	}
	return walk;
}

/*
 * What is seen one after the other need never have been so at once. But what was there at a first
 * walk and at a second one, was there all the time between them.
 */
static struct walk find_ring(const struct mutex_request *request)
{
	struct walk first = walk_from(request), second;

	if (likely(!first.length))
		return first;
	second = walk_from(request);
	if (second.length != first.length || second.trace != first.trace)
		second.length = 0;
	return second;
}

/* The one after this thread in the ring; NULL: somebody else's unlock has just broken the ring. */
static struct mutex_thread *next_in_ring(const struct mutex_thread *thread)
{
	const struct mutex_record *record = waits_for(thread);

	return record ? holder_of(record) : NULL;
}

/* Under the lock: marks all of them. False when one of the ring told of it already, or it broke. */
static bool mark_told(const struct mutex_request *request)
{
	struct mutex_thread *thread = request->thread;

	do {
		thread = next_in_ring(thread);
		if (!thread || peek(thread->told))
			return false;
		put(thread->told, true);
	} while (thread != request->thread);
	return true;
}

/* What each waits for and where, and where that was locked. */
static void tell(struct finding *finding, const struct mutex_request *request)
{
	const struct mutex_thread *thread = request->thread;
	const char *waits = "mutex waited for";
	enum site_role role = ROLE_HERE;

	do {
		const struct mutex_record *record = waits_for(thread);
		struct site site = peek_site(&thread->waiting_at);

		finding_tell(finding, role, waits, &site);
		if (record && thread != request->thread)
			mutex_describe_other(finding, record);
		thread = record ? holder_of(record) : NULL;
		if (!thread)
			return;
		site = peek_site(&record->locked);
		finding_tell(finding, ROLE_LOCKED, "that mutex locked, and held", &site);
		waits = "the next mutex waited for";
		role = ROLE_OTHER;
	} while (thread != request->thread && finding->stories < STORY_MAX);
}

static void report_ring(const struct mutex_request *request)
{
	struct finding finding;
	unsigned int length;

	waits_ring_lock();
	length = find_ring(request).length;
	if (length > 1 && !mark_told(request))
		length = 0;
	waits_ring_unlock();
	if (length < 2)
		return;
	finding_begin(&finding, FINDING_MUTEX_DEADLOCK,
		      "%u threads wait for each other, each for a mutex that the next one holds",
		      length);
	tell(&finding, request);
	mutex_describe(&finding, request->record->address, request->record);
	mutexes_host.finding(&finding);
}

void waits_judge_ring(const struct mutex_request *request)
{
	unsigned int length = find_ring(request).length;

	if (length == 1)
		mutex_report_self_deadlock(request->record, request->site);
	else if (length > 1)
		report_ring(request);
}
