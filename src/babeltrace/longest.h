/* SPDX-License-Identifier: MIT */
/* The longest waits of a process, a fixed number of them. */
#ifndef PYTHREAD_TRACE_BABELTRACE_LONGEST_H
#define PYTHREAD_TRACE_BABELTRACE_LONGEST_H

#include "babeltrace/piles.h"

struct lock;

struct past_wait {
	const struct lock *lock;
	uint64_t began, lasted; /* nanoseconds */
	struct spot waited;
	int32_t holder;	    /* meanwhile; 0: not known */
	struct spot locked; /* where the holder took it */
};

#define LONGEST_MAX 100

struct longest {
	unsigned int count; /* sorted, the longest first */
	struct past_wait wait[LONGEST_MAX];
};

/* Whether a wait of this length would be kept. */
static inline bool longest_wants(const struct longest *longest, uint64_t lasted)
{
	return longest->count < LONGEST_MAX || longest->wait[LONGEST_MAX - 1].lasted < lasted;
}

void longest_add(struct longest *longest, const struct past_wait *wait);

#endif
