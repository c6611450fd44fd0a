/* SPDX-License-Identifier: MIT */
/*
 * What the trace's metadata says of the events arrives with the first process that has them, and
 * babeltrace2's live source corrupts its memory when that is while it watches. So a process that
 * has nothing but the events runs before the program does, and before anybody watches.
 */
#ifndef PYTHREAD_TRACE_RECORD_FORERUN_H
#define PYTHREAD_TRACE_RECORD_FORERUN_H

/* Returns when that has reached the relay daemon, or after some seconds. The session records. */
void forerun(void);

#endif
