/* SPDX-License-Identifier: MIT */
/* The program's threads, as a part of what exists. */
#ifndef PYTHREAD_TRACE_TRACE_THREADS_H
#define PYTHREAD_TRACE_TRACE_THREADS_H

/* By one thread at a time: LTTng's lock, or the start of the process, sees to that. */
void trace_dump_threads(void);

#endif
