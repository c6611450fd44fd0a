/* SPDX-License-Identifier: MIT */
/* How far the reading has come: a line on a terminal that is written anew. */
#ifndef PYTHREAD_TRACE_BABELTRACE_PROGRESS_H
#define PYTHREAD_TRACE_BABELTRACE_PROGRESS_H

#include "babeltrace/probe.h"

struct progress {
	bool shown;
	uint64_t next; /* when it is shown again */
	unsigned int skipped;
};

/* Now and then: cheap when called for every batch of events. now: the trace's time. */
void progress_show(struct progress *progress, const struct probe_range *range, uint64_t now,
		   uint64_t events);

/* Wipes it away. */
void progress_end(struct progress *progress);

#endif
