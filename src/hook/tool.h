/* SPDX-License-Identifier: MIT */
/* The guard around the tool's own work, for the calling thread. */
#ifndef PYTHREAD_TRACE_TOOL_H
#define PYTHREAD_TRACE_TOOL_H

#include "base/common.h"

/*
 * False when this thread is in the tool's work already (re-entrance from the interpreter, or a
 * signal handler), or when there is nothing to observe; then only the bare operation is done. Keeps
 * errno between the two calls.
 */
bool tool_enter(void);
void tool_leave(void);

/* The same, also where nothing is to be observed: for what must be kept in order all the same. */
bool tool_guard(void);

bool tool_is_inside(void);

/* A part of the tool's work that is outside those two: keeps everybody out. Returns what it was. */
bool tool_set_busy(bool busy);

/* While the library wakes up: nobody in this thread may enter. */
void tool_set_inside(bool inside);

/*
 * Between the handlers of a fork: this thread holds the tool's locks, and records nothing. False
 * when it may hold some of them already, since a signal handler forks that interrupted the tool or
 * another fork: that fork goes unguarded. A fork ends with the first of the other two that does.
 */
bool tool_begin_fork(void);
bool tool_end_unguarded_fork(void); /* false when the newest fork of this thread is guarded */
void tool_end_fork(void);
bool tool_is_forking(void);

/*
 * Whether this thread is in a signal handler, which may have interrupted malloc: nothing may be
 * allocated then. Takes a stack, but not on an alternate signal stack, which may have no room for
 * it; between tool_enter() and tool_leave() only.
 */
bool tool_is_in_signal_handler(void);

#endif
