/* SPDX-License-Identifier: MIT */
/* Which mutexes a report shows, in the order they were given in: what costs most comes first. */
#ifndef PYTHREAD_TRACE_CHOSEN_H
#define PYTHREAD_TRACE_CHOSEN_H

#include "report/report.h"

enum mutex_choice {
	MUTEXES_NONE,
	MUTEXES_COSTLIEST, /* the first ten that threads waited for, but for the interpreter's */
	MUTEXES_ALL, /* up to ten thousand: a report must stay one that can be written and read */
};

struct chosen {
	const struct report_facts *facts;
	enum mutex_choice choice;
	unsigned int next, given; /* both begin as 0 */
};

/* The next one, NULL after the last. */
const struct report_mutex *chosen_next(struct chosen *chosen);

/* Whether there is any. */
bool chosen_any(const struct report_facts *facts, enum mutex_choice choice);

#endif
