/* SPDX-License-Identifier: MIT */
/*
 * A session daemon whose disk is full can stop to answer, and LTTng's functions wait for ever then.
 * So what asks it at the end is done by a process that can be given up.
 */
#ifndef PYTHREAD_TRACE_RECORD_PATIENCE_H
#define PYTHREAD_TRACE_RECORD_PATIENCE_H

#include "record/plan.h"

/*
 * Calls that in a child, which hands back `size` bytes at data as it has changed them. False when
 * it did not come to its end in time: data is as it was.
 */
bool in_time(const struct plan *plan, void (*call)(void *data), void *data, size_t size);

#endif
