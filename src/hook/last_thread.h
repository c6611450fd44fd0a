/* SPDX-License-Identifier: MIT */
/*
 * A process ends with its last thread, as if that called exit(0): the C library counts its threads.
 * LTTng's are among them, and never end. Nor does a process end whose first thread has ended
 * already, as in a child that was forked by another one. So a thread of the tool's watches such a
 * process, and ends it.
 */
#ifndef PYTHREAD_TRACE_LAST_THREAD_H
#define PYTHREAD_TRACE_LAST_THREAD_H

/* The first thread ends on its own, not by exit(). */
void last_thread_first_ends(void);

/* LTTng has started its threads in a forked child. */
void last_thread_after_fork(void);

#endif
