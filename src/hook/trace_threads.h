/* SPDX-License-Identifier: MIT */
/* The program's threads, as a part of what exists. */
#ifndef PYTHREAD_TRACE_TRACE_THREADS_H
#define PYTHREAD_TRACE_TRACE_THREADS_H

#include "base/common.h"

/* Before LTTng starts its threads, in the thread that has it do so. */
void trace_threads_note_tracer(void);

/* By one thread at a time: LTTng's lock, or the start of the process, sees to that. */
void trace_dump_threads(void);

/* Whether all threads but the first are LTTng's or the tool's. False where that cannot be told. */
bool trace_threads_only_tracers(void);

#endif
