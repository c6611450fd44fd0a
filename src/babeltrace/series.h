/* SPDX-License-Identifier: MIT */
/*
 * A number over time, in a fixed number of steps: when the time gets too long for them, each two
 * become one. Of each step the highest value in it is kept.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_SERIES_H
#define PYTHREAD_TRACE_BABELTRACE_SERIES_H

#include "base/common.h"

#define SERIES_STEPS 64

/* Common to several series, which are kept in step with it. */
struct series_clock {
	uint64_t begin;	 /* of step 0 */
	uint64_t length; /* of a step, nanoseconds; 0: nothing was counted yet */
};

struct series {
	uint64_t length;   /* the clock's, when it was last counted */
	unsigned int last; /* the step that was counted last */
	bool begun;
	unsigned int now;
	unsigned int most[SERIES_STEPS]; /* up to `last` */
};

/*
 * The number is `now` from this time on. Times must not go back; one that does counts as the
 * last one.
 */
void series_count(struct series *series, struct series_clock *clock, uint64_t time,
		  unsigned int now);

/* Brings a series up to this time, so that it can be shown. Returns the number of steps. */
unsigned int series_finish(struct series *series, struct series_clock *clock, uint64_t time);

#endif
