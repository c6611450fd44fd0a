/* SPDX-License-Identifier: MIT */
/* What is seen while the program runs: "pythread-trace report --live" beside it. */
#ifndef PYTHREAD_TRACE_RECORD_LIVE_H
#define PYTHREAD_TRACE_RECORD_LIVE_H

#include "record/plan.h"

struct live {
	pid_t pid; /* 0: there is none */
};

/*
 * Starts the report of it on standard error. A relay daemon lets one viewer at a time see a
 * session, so with --quiet there is none, but a line that says where others can watch.
 */
void live_start(struct live *live, const struct plan *plan, const char *session);

/*
 * The session has ended: waits for the report to end too, some seconds at most. False when it
 * crashed, after one line.
 */
bool live_end(struct live *live);

/* In its stead, the report of the whole trace; once that is where it stays. */
void live_replace(const struct plan *plan);

#endif
