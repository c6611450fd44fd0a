/* SPDX-License-Identifier: MIT */
/* Mutexes and waits for them, looked up. Only under the report's output lock. */
#ifndef PYTHREAD_TRACE_REPORT_SHOW_MUTEX_H
#define PYTHREAD_TRACE_REPORT_SHOW_MUTEX_H

#include "report/chosen.h"
#include "report/show.h"

/* How much of a block they take, and how many there are. */
size_t show_measure_mutexes(struct chosen chosen, unsigned int *count);
size_t show_measure_waits(const struct report_facts *facts);

/* Both arrays are taken from the block. */
const struct shown_mutex *show_mutexes(struct block *block, struct chosen chosen,
				       unsigned int count);
const struct shown_wait *show_waits(struct block *block, const struct report_facts *facts);

#endif
