/* SPDX-License-Identifier: MIT */
/* What the report asks about mutexes: those that were seen, and the threads that wait for one. */
#ifndef PYTHREAD_TRACE_FACTS_MUTEX_H
#define PYTHREAD_TRACE_FACTS_MUTEX_H

#include "report/report.h"

/* One thread at a time. Allocates; what memory runs out for is left out. */
void facts_collect_mutexes(struct report_facts *facts, const struct report_wanted *wanted);

#endif
