/* SPDX-License-Identifier: MIT */
/* LTTng's index of a stream: where its packets are. */
#ifndef PYTHREAD_TRACE_BABELTRACE_INDEX_H
#define PYTHREAD_TRACE_BABELTRACE_INDEX_H

#include "base/common.h"

/*
 * Called for each index of a trace with the name of its stream, both files opened with these flags.
 * stream is -1 where there is no such file. False where one could not be opened.
 */
bool index_each(const char *trace, int flags,
		void (*call)(void *data, const char *name, int index, int stream), void *data);

/*
 * Where the whole packets end in a stream of that size, and where the entries for them end. False
 * when the file is no index, or cannot be read.
 */
bool index_end(int index, off_t index_size, off_t stream_size, off_t *stream_end, off_t *end);

/* How long the stream is at least, by its last packet. 0 when the file is no index, or empty. */
uint64_t index_extent(int index, off_t index_size);

/*
 * How many packets were overwritten before the first one that was read. 0 too where the index is of
 * a version that does not tell.
 */
uint64_t index_missing(int index);

#endif
