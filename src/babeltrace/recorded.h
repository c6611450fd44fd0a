/* SPDX-License-Identifier: MIT */
/* `report TRACE...` */
#ifndef PYTHREAD_TRACE_BABELTRACE_RECORDED_H
#define PYTHREAD_TRACE_BABELTRACE_RECORDED_H

#include "babeltrace/arguments.h"

/* What the one who started a child knows of it, even if it breaks down. */
struct recorded_shared {
	uint64_t taken; /* messages that were read */
	bool reported;	/* with that exit status: nothing that happens later matters */
	int status;
};

/*
 * Reads and reports; returns the exit status. All of shared is to be 0; no more messages than
 * `stop` are. broken: what broke down behind them, or NULL; it has broken down at once where there
 * is no such limit.
 */
int recorded_report(const struct arguments *arguments, struct recorded_shared *shared,
		    uint64_t stop, const char *broken);

#endif
