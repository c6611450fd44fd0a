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
 * Writes the report. status is the exit status, -1 where it is not known. Returns the exit status
 * that the options ask for, or -1.
 */
int process_report(int status);

/* Before the program is replaced by another one. */
void process_report_before_exec(void);

#endif
