/* SPDX-License-Identifier: MIT */
/*
 * How `record --live` learns that the report beside it has joined the session: a relay daemon shows
 * it nothing of what came before. They share a pair of sockets, whose number the environment tells.
 */
#ifndef PYTHREAD_TRACE_JOINING_H
#define PYTHREAD_TRACE_JOINING_H

#include <stdbool.h>

/* The two ends; -1: there are no descriptors left, and nobody waits. */
struct joining {
	int own, report;
};

void joining_begin(struct joining *joining);

/* In the process that becomes the report. */
void joining_pass_on(const struct joining *joining);

/*
 * Returns when the report has joined, is gone, or after that time, or a signal: false when it is
 * there and has not joined. Both ends are closed then.
 */
bool joining_wait(struct joining *joining, int milliseconds);

/* In the report, which has joined. Does nothing where nobody waits for that. */
void joining_tell(void);

#endif
