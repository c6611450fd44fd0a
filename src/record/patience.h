/* SPDX-License-Identifier: MIT */
/*
 * A session daemon whose disk is full can stop answering, and LTTng's functions then wait for ever.
 * So what asks it at the end is done by a process that can be given up.
 */
#ifndef PYTHREAD_TRACE_RECORD_PATIENCE_H
#define PYTHREAD_TRACE_RECORD_PATIENCE_H

#include "record/plan.h"

/*
 * Runs call(data) in a child, which hands back the `size` bytes at data as it has changed them.
 * False when it did not come to its end in time: data is as it was. In time is two and a half
 * minutes, or eight seconds where the trace's disk is full.
 */
bool in_time(const struct plan *plan, void (*call)(void *data), void *data, size_t size);

#endif
