/* SPDX-License-Identifier: MIT */
#include "hook/facts_mutex.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "core/mutex.h"
#include "hook/mutex_caller.h"
#include "model/mutexes.h"

#include <stdlib.h>

#define WAITS_MAX 512

static struct buffer mutexes; /* of struct report_mutex */
static struct report_wait waits[WAITS_MAX];
static struct mutex_wait found[WAITS_MAX];

static uint64_t count_of(const uint64_t *number)
{
	return __atomic_load_n(number, __ATOMIC_RELAXED);
}

static uint64_t ns_of(const uint64_t *ticks)
{
	return clock_to_ns(count_of(ticks));
}

static enum report_coverage coverage_of(const struct mutex_record *record)
{
	if (!__atomic_load_n(&record->missed, __ATOMIC_RELAXED) &&
	    mutex_caller(record->first_use.caller) & CALLER_SEEN)
		return COVERAGE_ALL;
	return __atomic_load_n(&record->armed, __ATOMIC_RELAXED) ? COVERAGE_ARMED : COVERAGE_PART;
}

static void add(const struct mutex_record *record, void *unused)
{
	struct report_mutex mutex = {
		.address = record->address,
		.name = record->name,
		.acquired = count_of(&record->acquired),
		.contended = count_of(&record->contended),
		.wait_total_ns = ns_of(&record->wait_total),
		.wait_max_ns = ns_of(&record->wait_max),
		.hold_total_ns = ns_of(&record->hold_total),
		.hold_max_ns = ns_of(&record->hold_max),
		.hold_sampled = mutexes_is_brief(record),
		.owner_changes = count_of(&record->owner_changes),
		.coverage = coverage_of(record),
		.runtime = record->runtime,
		.module = record->module,
		.first_use = record->first_use,
		.waited_for = record->waited_for,
	};

	(void)unused;
	if (mutex.acquired)
		buffer_add(&mutexes, (const char *)&mutex, sizeof(mutex));
}

static int compare(uint64_t left, uint64_t right)
{
	return left < right ? 1 : left > right ? -1 : 0;
}

/* What costs most comes first: waiting, then being waited for, then use. */
static int compare_mutexes(const void *left, const void *right)
{
	const struct report_mutex *a = left, *b = right;
	int order = compare(a->wait_total_ns, b->wait_total_ns);

	if (!order)
		order = compare(a->contended, b->contended);
	return order ? order : compare(a->acquired, b->acquired);
}

static int compare_waits(const void *left, const void *right)
{
	const struct report_wait *a = left, *b = right;

	return compare(a->waiting_ns, b->waiting_ns);
}

static void collect_waits(struct report_facts *facts)
{
	uint64_t now = clock_ticks();
	unsigned int count = mutexes_waits(found, WAITS_MAX);

	if (count > WAITS_MAX)
		count = WAITS_MAX;
	for (unsigned int i = 0; i < count; i++) {
		waits[i] = (struct report_wait){
			.mutex = found[i].record->address,
			.mutex_name = found[i].record->name,
			.module = found[i].record->module,
			.first_use = found[i].record->first_use,
			.tid = found[i].tid,
			.waiting_ns = clock_ns_between(found[i].since, now),
			.site = found[i].site,
			.holder = found[i].holder,
			.held_ns = clock_ns_between(found[i].held_since, now),
			.locked = found[i].locked,
		};
	}
	qsort(waits, count, sizeof(waits[0]), compare_waits);
	facts->waits = waits;
	facts->wait_count = count;
}

static void collect_mutexes(struct report_facts *facts)
{
	buffer_clear(&mutexes);
	mutexes_for_each(add, NULL);
	facts->mutexes = (const struct report_mutex *)mutexes.data;
	facts->mutex_count = (unsigned int)(mutexes.length / sizeof(struct report_mutex));
	if (facts->mutex_count)
		qsort(mutexes.data, facts->mutex_count, sizeof(struct report_mutex),
		      compare_mutexes);
}

void facts_collect_mutexes(struct report_facts *facts, const struct report_wanted *wanted)
{
	if (wanted->mutexes)
		collect_mutexes(facts);
	if (wanted->waits)
		collect_waits(facts);
	facts->rescues = core_mutex_rescues();
}
