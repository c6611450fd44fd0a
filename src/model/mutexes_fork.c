/* SPDX-License-Identifier: MIT */
/* Around fork: all locks of the model, and what is no longer true in the child. */
#include "model/mutex_table.h"
#include "model/order.h"
#include "model/waits.h"

#include <unistd.h>

uint64_t mutexes_dropped(void)
{
	return mutex_table_dropped() + order_dropped();
}

/* What happened in the parent is the parent's to report. */
static void count_anew(struct mutex_record *record)
{
	record->acquired = record->contended = record->owner_changes = 0;
	record->hold_total = record->hold_max = 0;
	record->wait_total = record->wait_max = 0;
	record->waited_for = NOWHERE;
}

/* The only thread there is has another number now. */
static void begin_anew(struct mutex_thread *survivor)
{
	pid_t before = survivor ? survivor->tid : 0, now = getpid();

	for (unsigned int i = 0; i < mutex_table_count(); i++) {
		struct mutex_record *record = mutex_table_get(i);

		count_anew(record);
		if (before && record->locked.tid == before)
			record->locked.tid = now;
	}
	if (survivor)
		survivor->tid = now;
}

void mutexes_before_fork(void)
{
	waits_before_fork();
	order_before_fork();
	mutex_table_before_fork();
}

void mutexes_after_fork(bool in_child, struct mutex_thread *survivor)
{
	if (in_child)
		begin_anew(survivor);
	mutex_table_after_fork(in_child);
	order_after_fork(in_child);
	waits_after_fork(in_child, survivor);
}
