/* SPDX-License-Identifier: MIT */
/*
 * What the trace's metadata says of the events arrives with the first process that has them, and
 * babeltrace2's live source corrupts its memory when that is while it watches. So a process that
 * has nothing but the events runs before the program does, and before anybody watches. It runs too
 * where LTTng writes metadata when a process ends, and not before: see session.h.
 */
#ifndef PYTHREAD_TRACE_RECORD_FORERUN_H
#define PYTHREAD_TRACE_RECORD_FORERUN_H

#include <stdbool.h>

/*
 * Returns when that process has ended, which makes LTTng write the metadata, or after some seconds;
 * with `arrive` when it has reached the relay daemon of a live session. The session records.
 */
void forerun(bool arrive);

#endif
