/* SPDX-License-Identifier: MIT */
/*
 * babeltrace2 and what it is built on write to standard error what they think of a damaged trace,
 * for their own developers. Where that is said in one line anyway, they are not listened to.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_QUIET_H
#define PYTHREAD_TRACE_BABELTRACE_QUIET_H

#include <stdbool.h>

/* From quiet_begin() to quiet_end() nothing that is written to standard error arrives. */
void quiet_begin(void);
void quiet_end(void);

/* The real standard error meanwhile. */
int quiet_fd(void);

#endif
