/* SPDX-License-Identifier: MIT */
/* How much is in a trace: it is read once, which also shows that it can be read. */
#ifndef PYTHREAD_TRACE_RECORD_COUNT_H
#define PYTHREAD_TRACE_RECORD_COUNT_H

#include "base/common.h"

struct contents {
	unsigned int traces;
	uint64_t events;
	uint64_t discarded; /* events that the trace itself says are missing */
	uint64_t packets;   /* likewise */
	bool complete;	    /* everything could be read */
};

/* Of all traces in the directory or below it; by a child, which a damaged trace may bring down. */
void count_contents(struct contents *contents, const char *directory);

#endif
