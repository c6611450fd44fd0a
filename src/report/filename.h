/* SPDX-License-Identifier: MIT */
/* The name of the report's file, from --output. Only under the report's output lock. */
#ifndef PYTHREAD_TRACE_FILENAME_H
#define PYTHREAD_TRACE_FILENAME_H

#include "base/common.h"

/* Remembers the current directory and the program's name. See output_init(). */
void filename_init(const char *name, pid_t root);

/*
 * Writes the name for this process into out: %p, %h and %n filled in, absolute, and with ".PID"
 * at the end where a process other than the first would write to the first one's file. False when
 * it does not fit.
 */
bool filename_make(char *out, size_t size);

/* In a forked child: no longer the first process. */
void filename_after_fork(void);

#endif
