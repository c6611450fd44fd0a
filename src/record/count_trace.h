/* SPDX-License-Identifier: MIT */
/* One trace, read by babeltrace2 for the number of its events. Inside src/record/ only. */
#ifndef PYTHREAD_TRACE_RECORD_COUNT_TRACE_H
#define PYTHREAD_TRACE_RECORD_COUNT_TRACE_H

#include "record/count.h"

#include <babeltrace2/babeltrace.h>

/*
 * Adds what is in the trace. plugin: babeltrace2's "ctf". False when it could not be read, or not
 * to its end: what was read is added all the same. babeltrace2 aborts the process at some traces.
 */
bool count_trace(const bt_plugin *plugin, const char *path, struct contents *contents);

#endif
