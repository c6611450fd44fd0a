/* SPDX-License-Identifier: MIT */
/*
 * Reading traces that anybody may have made up, with a library that trusts them: it happens in a
 * child process with a limit to its memory. When that breaks down, a second one reads up to there.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_SUPERVISED_H
#define PYTHREAD_TRACE_BABELTRACE_SUPERVISED_H

#include "babeltrace/arguments.h"

/* recorded_report(); returns the exit status. */
int supervised_report(const struct arguments *arguments);

#endif
