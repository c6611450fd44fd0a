/* SPDX-License-Identifier: MIT */
/*
 * A process ends with its last thread, as if that called exit(0): the C library counts its threads.
 * LTTng's are among them, and never end. Nor does a process whose first thread has ended, as in a
 * child that another thread than the first one forked: it waits for them for ever.
 */
#ifndef PYTHREAD_TRACE_LAST_THREAD_H
#define PYTHREAD_TRACE_LAST_THREAD_H

/* The first thread ends, by its own: not by exit(). */
void last_thread_first_ends(void);

/* LTTng has begun to have threads in a forked child. */
void last_thread_after_fork(void);

#endif
