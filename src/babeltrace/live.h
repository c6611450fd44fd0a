/* SPDX-License-Identifier: MIT */
/* `report --live URL` */
#ifndef PYTHREAD_TRACE_BABELTRACE_LIVE_H
#define PYTHREAD_TRACE_BABELTRACE_LIVE_H

#include "babeltrace/arguments.h"

/*
 * Follows the session until it or the user ends it. On a terminal a table of mutexes is drawn anew
 * every second; elsewhere findings are written as they come, and the table when it has changed.
 * The whole report comes at the end. Returns the exit status.
 */
int live_report(const struct arguments *arguments);

#endif
