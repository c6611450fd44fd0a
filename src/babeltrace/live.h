/* SPDX-License-Identifier: MIT */
/* `report --live URL` */
#ifndef PYTHREAD_TRACE_BABELTRACE_LIVE_H
#define PYTHREAD_TRACE_BABELTRACE_LIVE_H

#include "babeltrace/arguments.h"

/* What outlives the process that reports. */
struct live_shared {
	bool reported; /* nothing that happens later matters */
	int status;
	int earlier; /* a file with the reports of those that broke down; empty: there are none */
};

/* Adds the earlier reports; false where there is none. */
bool live_earlier(const struct live_shared *shared, struct buffer *out);

/*
 * Follows the session until it or the user ends it. On a terminal a table of mutexes is drawn anew
 * every second; elsewhere findings are written as they come, and the table when it has changed.
 * The whole report comes at the end. broken: what broke down before, or NULL. Returns the exit
 * status.
 */
int live_report(const struct arguments *arguments, struct live_shared *shared, const char *broken);

#endif
