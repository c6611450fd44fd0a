/* SPDX-License-Identifier: MIT */
/*
 * Where the report goes: standard error, or the file of --output. Nothing stays open between two
 * writes, so that the program's descriptors are its own.
 *
 * A file that cannot be written is named on standard error with the reason, once, and nothing
 * else happens. Only under the report's output lock, between guard_enter() and guard_leave().
 */
#ifndef PYTHREAD_TRACE_OUTPUT_H
#define PYTHREAD_TRACE_OUTPUT_H

#include "base/buffer.h"

/*
 * name is --output's value, or NULL; it must stay as it is, and is taken from the directory that
 * is current now. root is options.root: any other process gets a file of its own.
 */
void output_init(const char *name, pid_t root);

/* Whether a complete file can be put there again and again: not so for standard error, a pipe. */
bool output_replaceable(void);

/*
 * Text that grows: the first one of this process starts the file anew, unless this very process
 * wrote it before it called exec.
 */
void output_append(const struct buffer *text);

/*
 * The whole report, in place of the one before it: written beside the file, then renamed. The first
 * one of this process keeps what this very process wrote before it called exec: see earlier.h.
 */
void output_replace(const struct buffer *text);

/* To standard error, wherever the report goes; nowhere in a program that was started without. */
void output_stderr(const struct buffer *text);

/* There, and without memory: that there is none for the report. */
void output_no_memory(void);

/* In a forked child. */
void output_after_fork(void);

#endif
