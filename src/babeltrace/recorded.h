/* SPDX-License-Identifier: MIT */
/* `report TRACE...` */
#ifndef PYTHREAD_TRACE_BABELTRACE_RECORDED_H
#define PYTHREAD_TRACE_BABELTRACE_RECORDED_H

#include "babeltrace/arguments.h"

/*
 * Reads and reports; returns the exit status. *taken counts the messages that were read, and is to
 * be 0; no more than `stop` are. broken: what broke down behind them, or NULL; it has broken down
 * at once where there is no such limit.
 */
int recorded_report(const struct arguments *arguments, uint64_t *taken, uint64_t stop,
		    const char *broken);

#endif
