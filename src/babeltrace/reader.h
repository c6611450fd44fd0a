/* SPDX-License-Identifier: MIT */
/*
 * From babeltrace2's messages to the world, and from there to a report. As babeltrace2's graphs,
 * all of it is for one thread at a time; what it knows of the world is freed with the reader.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_READER_H
#define PYTHREAD_TRACE_BABELTRACE_READER_H

#include "babeltrace/layout.h"
#include "babeltrace/world.h"

#include <babeltrace2/babeltrace.h>

struct reader {
	struct world world;
	struct layouts *layouts;
	struct trace_entry *traces;
	const bt_trace *recent_trace;
	struct origin *recent_origin;
	struct seen seen;
};

/* False without memory. End with reader_free() in both cases. */
bool reader_begin(struct reader *reader);
void reader_free(struct reader *reader);

/* False without memory. The message stays the caller's. */
bool reader_take(struct reader *reader, const bt_message *message);

#endif
