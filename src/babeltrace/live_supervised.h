/* SPDX-License-Identifier: MIT */
/*
 * Following a session with a library that breaks down at times when a program begins to take part
 * in it: it happens in a child process, and another one goes on from there.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_LIVE_SUPERVISED_H
#define PYTHREAD_TRACE_BABELTRACE_LIVE_SUPERVISED_H

#include "babeltrace/arguments.h"

/* live_report(); returns the exit status. */
int live_supervised_report(const struct arguments *arguments);

#endif
