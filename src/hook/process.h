/* SPDX-License-Identifier: MIT */
/*
 * This process: asleep until there is an interpreter in it, then observed. A process without
 * Python pays for one walk over its objects' hash tables and nothing else.
 */
#ifndef PYTHREAD_TRACE_PROCESS_H
#define PYTHREAD_TRACE_PROCESS_H

#include "base/common.h"

/* Wakes the library up: at start when an interpreter is there, else at the first call of a hook. */
void process_wake(void);

/* Wakes up when this code belongs to an interpreter that was loaded meanwhile. */
void process_wake_if_runtime(const void *code);

bool process_is_awake(void);

/* Not awake yet: what is seen is kept for later, without a word. */
bool process_is_asleep(void);

/*
 * False in a child that shares the parent's memory (vfork) or was made behind libc's back: whatever
 * is recorded there would be recorded for the parent. One system call.
 */
bool process_is_own(void);

/*
 * The guard around the tool's own work: false when this thread is in it already (re-entrance from
 * the interpreter, or a signal handler), or when there is nothing to observe; then only the bare
 * operation is done. Keeps errno between the two calls.
 */
bool tool_enter(void);
void tool_leave(void);

/* The same, also where nothing is to be observed: for what must be kept in order all the same. */
bool tool_guard(void);

bool tool_is_inside(void);

/*
 * Whether this thread is in a signal handler, which may have interrupted malloc: nothing may be
 * allocated then. Takes a stack, but not on an alternate signal stack, which may have no room for
 * it; between tool_enter() and tool_leave() only.
 */
bool tool_is_in_signal_handler(void);

/* Between the handlers of a fork: this thread holds the tool's locks, and records nothing. */
bool tool_is_forking(void);

/*
 * Writes the report. status is the exit status, -1 where it is not known. Returns the exit status
 * that the options ask for, or -1.
 */
int process_report(int status);

/* Before the program is replaced by another one. */
void process_report_before_exec(void);

#endif
