/* SPDX-License-Identifier: MIT */
/* What there is to say of the reading itself: what could not be read, or not well. */
#ifndef PYTHREAD_TRACE_BABELTRACE_OUTCOME_H
#define PYTHREAD_TRACE_BABELTRACE_OUTCOME_H

#include "babeltrace/world.h"
#include "base/buffer.h"

#define WARNINGS_MAX 64

struct outcome {
	const char *trace; /* what the user named; NULL: not known */
	unsigned int warnings;
	char *warning[WARNINGS_MAX]; /* one line each */
	unsigned int unsaid;	     /* those for which there was no room, or no memory */
};

#define OUTCOME_UNSAID "%u more, for which there was no room"

void outcome_warn(struct outcome *outcome, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Warnings about what the events lacked and what is missing of them. */
void outcome_judge(struct outcome *outcome, const struct world *world, uint64_t refused);

/* The same about the processes that had begun when a session that records was joined. */
void outcome_judge_beginning(struct outcome *outcome, const struct world *world);

void outcome_free(struct outcome *outcome);

#endif
