/* SPDX-License-Identifier: MIT */
/* Threads by name, each of which does one thing at a time while the caller waits for it. */
#ifndef PYTHREAD_TRACE_TESTS_EMIT_THREADS_H
#define PYTHREAD_TRACE_TESTS_EMIT_THREADS_H

typedef void threads_work(const void *what);

/* Has the thread do work(what); starts the thread when none has that name. */
void threads_do(const char *name, threads_work *work, const void *what);

/* Ends that thread, and waits for its end. */
void threads_end(const char *name);

#endif
