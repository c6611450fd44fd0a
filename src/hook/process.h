/* SPDX-License-Identifier: MIT */
/*
 * This process: asleep until there is an interpreter in it, then observed. A process without
 * Python pays for one walk over its objects' hash tables and nothing else.
 *
 * Any thread may call any of these; errno is kept.
 */
#ifndef PYTHREAD_TRACE_PROCESS_H
#define PYTHREAD_TRACE_PROCESS_H

#include "base/common.h"

/*
 * wake.c: wakes the library up, at start where there is an interpreter, else at the first call of a
 * hook.
 */
void process_wake(void);

/* wake.c: wakes up if this code belongs to an interpreter that was loaded meanwhile. */
void process_wake_if_runtime(const void *code);

/* Whether it is observed: not before it is awake, nor in a child whose records are half done. */
bool process_is_awake(void);

/* False where it is asleep, and nobody is about to wake it up. */
bool process_has_begun_to_wake(void);

/* Not awake yet: what is seen is kept for later, without a word. */
bool process_is_asleep(void);

/*
 * False in a child that shares the parent's memory (vfork) or was made behind libc's back: whatever
 * is recorded there would be recorded for the parent. One system call.
 */
bool process_is_own(void);

/*
 * Writes the report; in a signal handler, where nothing may be allocated, a line that says what is
 * missing. status is the exit status, -1 where it is not known. Returns the exit status that the
 * options ask for, or -1.
 */
int process_report(int status);

/* The same before the program is replaced by another one. */
void process_report_before_exec(void);

#endif
