/* SPDX-License-Identifier: MIT */
/* All mutex records, by address. Inside src/model/ only; its public face is in mutexes.h. */
#ifndef PYTHREAD_TRACE_MUTEX_TABLE_H
#define PYTHREAD_TRACE_MUTEX_TABLE_H

#include "model/mutexes.h"

#define MUTEX_RECORDS_MAX (1U << 20)

/* Whether what happens to this mutex may be reported. */
static inline bool mutex_is_judged(const struct mutex_record *record)
{
	return !record->runtime || mutexes_host.judge_runtime;
}

/* All there are, by number, in the order in which they were made. No lock is needed. */
unsigned int mutex_table_count(void);
struct mutex_record *mutex_table_get(unsigned int number);

/* Records that there was no memory for; one that is asked for again counts again. */
uint64_t mutex_table_dropped(void);

void mutex_table_before_fork(void);
void mutex_table_after_fork(bool in_child);

#endif
