/* SPDX-License-Identifier: MIT */
/*
 * The directories of a trace. LTTng writes DIR/ust/uid/1000/64-bit; Trace Compass shows the last of
 * these as the name of everything in the trace. So a trace that is alone in a directory is moved up
 * into it: its name is then the one that the user knows.
 */
#ifndef PYTHREAD_TRACE_RECORD_TREE_H
#define PYTHREAD_TRACE_RECORD_TREE_H

#include "base/common.h"

/*
 * Does that, for the directory or, where it has many traces, for each below it that has one. A
 * trace that cannot be moved as a whole stays where it is.
 */
void tree_settle(const char *directory);

/*
 * Calls for each trace in the directory or below it. False where it could not look everywhere, and
 * there may be more.
 */
bool tree_each(const char *directory, void (*call)(void *data, const char *path), void *data);

/* Removes all in the directory. */
void tree_empty(const char *directory);

/* Removes the directory and all in it. */
void tree_remove(const char *directory);

#endif
