/* SPDX-License-Identifier: MIT */
#include "model/mutex_report.h"

#include "base/clock.h"
#include "model/atomic.h"
#include "model/mutex_table.h"

#include <stdio.h>

static const char *name_of(const struct mutex_record *record)
{
	return __atomic_load_n(&record->name, __ATOMIC_ACQUIRE);
}

void mutex_label(const struct mutex_record *record, char label[MUTEX_LABEL_SIZE])
{
	const char *name = name_of(record);

	if (name)
		snprintf(label, MUTEX_LABEL_SIZE, "'%.40s'", name);
	else
		snprintf(label, MUTEX_LABEL_SIZE, "0x%lx", (unsigned long)record->address);
}

void mutex_duration(uint64_t ticks, char text[DURATION_SIZE])
{
	double us = (double)clock_to_ns(ticks) / 1e3;

	if (us < 1e3)
		snprintf(text, DURATION_SIZE, "%.1f us", us);
	else if (us < 1e6)
		snprintf(text, DURATION_SIZE, "%.1f ms", us / 1e3);
	else
		snprintf(text, DURATION_SIZE, "%.1f s", us / 1e6);
}

static struct finding_object object_of(const void *address, const struct mutex_record *record)
{
	return (struct finding_object){
		.type = OBJECT_MUTEX,
		.address = address,
		.slot = NO_SLOT,
		.module = record ? record->module : mutexes_host.module(address),
		.name = record ? name_of(record) : NULL,
		.creator = record ? record->first_use.caller : NULL,
	};
}

void mutex_describe(struct finding *finding, const void *address, const struct mutex_record *record)
{
	finding->object = object_of(address, record);
}

void mutex_describe_other(struct finding *finding, const struct mutex_record *record)
{
	if (finding->others < OTHERS_MAX)
		finding->other[finding->others++] = object_of(record->address, record);
}

static void tell_locked(struct finding *finding, const char *caption,
			const struct mutex_record *record)
{
	struct site locked;

	if (!record)
		return;
	locked = peek_site(&record->locked);
	finding_tell(finding, ROLE_LOCKED, caption, &locked);
}

/* record may be NULL. locked: what the place where it was locked is called, or NULL for none. */
static void report_at(struct finding *finding, const void *address,
		      const struct mutex_record *record, const struct site *site,
		      const char *locked)
{
	finding_tell(finding, ROLE_HERE, "here", site);
	if (locked)
		tell_locked(finding, locked, record);
	mutex_describe(finding, address, record);
	mutexes_host.finding(finding);
}

static void report(struct finding *finding, const struct mutex_record *record,
		   const struct site *site, const char *locked)
{
	report_at(finding, record->address, record, site, locked);
}

/* Before a record is needed: the caller decides whose business it is. */
static bool is_judged(const struct mutex_record *record, const struct site *site)
{
	if (record)
		return mutex_is_judged(record);
	return mutexes_host.judge_runtime || !mutexes_host.is_runtime(site->caller);
}

void mutexes_report_unlocked(const void *address, const struct mutex_record *record,
			     const struct site *site)
{
	struct finding finding;

	if (!is_judged(record, site))
		return;
	finding_begin(&finding, FINDING_MUTEX_UNLOCK_UNLOCKED,
		      "PyMutex_Unlock on a mutex that is not locked");
	report_at(&finding, address, record, site, "mutex last locked");
}

void mutexes_report_garbage(const void *address, const struct mutex_record *record, uint8_t bits,
			    const struct site *site)
{
	struct finding finding;

	if (!is_judged(record, site))
		return;
	finding_begin(&finding, FINDING_MUTEX_GARBAGE,
		      "a PyMutex function on a byte that is no PyMutex: its value is 0x%02x", bits);
	report_at(&finding, address, record, site, "mutex last locked");
}

void mutex_report_self_deadlock(const struct mutex_record *record, const struct site *site)
{
	struct finding finding;

	finding_begin(&finding, FINDING_MUTEX_SELF_DEADLOCK,
		      "PyMutex_Lock on a mutex that this thread holds already");
	report(&finding, record, site, "mutex locked");
}

void mutex_report_held_at_fork(const struct mutex_record *record, const struct site *site)
{
	struct finding finding;

	finding_begin(&finding, FINDING_MUTEX_HELD_AT_FORK,
		      "a forked child waits for a mutex that another thread of its parent held: "
		      "nobody here can unlock it");
	report(&finding, record, site, "mutex locked in the parent");
}

void mutex_report_held_at_exit(const struct mutex_record *record, const struct site *site)
{
	struct finding finding;

	finding_begin(&finding, FINDING_MUTEX_HELD_AT_THREAD_EXIT,
		      "a thread ended with a mutex locked");
	report(&finding, record, site, "mutex locked");
}

void mutex_report_long_hold(const struct mutex_record *record, uint64_t held,
			    const struct site *site)
{
	struct finding finding;
	char text[DURATION_SIZE];

	mutex_duration(held, text);
	finding_begin(&finding, FINDING_MUTEX_LONG_HOLD, "a mutex was held for %s", text);
	report(&finding, record, site, "mutex locked");
}

void mutexes_report_long_wait(const struct mutex_record *record, uint64_t waited,
			      const struct site *site)
{
	struct finding finding;
	char text[DURATION_SIZE];

	if (!mutex_is_judged(record))
		return;
	mutex_duration(waited, text);
	finding_begin(&finding, FINDING_MUTEX_LONG_WAIT, "a thread waited for a mutex for %s",
		      text);
	report(&finding, record, site, NULL);
}

void mutexes_report_hang(const struct mutex_wait *wait, uint64_t now, unsigned int waiting)
{
	struct finding finding;
	char text[DURATION_SIZE];

	mutex_duration(ticks_between(wait->since, now), text);
	finding_begin(&finding, FINDING_HANG,
		      "a thread has waited for a mutex for %s; %u thread%s wait%s at this moment",
		      text, waiting, waiting == 1 ? "" : "s", waiting == 1 ? "s" : "");
	finding_tell(&finding, ROLE_HERE, "here", &wait->site);
	if (wait->holder)
		finding_tell(&finding, ROLE_LOCKED, "mutex locked", &wait->locked);
	mutex_describe(&finding, wait->record->address, wait->record);
	mutexes_host.finding(&finding);
}
