/* SPDX-License-Identifier: MIT */
/* Native stacks of one process, kept once each; and where in it something happened. */
#ifndef PYTHREAD_TRACE_BABELTRACE_PILES_H
#define PYTHREAD_TRACE_BABELTRACE_PILES_H

#include "babeltrace/seen.h"

struct kept_pile;

struct piles {
	struct kept_pile *all;
};

/* Return addresses, newest first. */
struct pile {
	unsigned int count;
	uint64_t ip[];
};

/* One place of a story, at the time when its addresses meant what they mean. */
struct spot {
	bool there;
	int32_t tid;	 /* 0: not known */
	uint32_t python; /* the id of a Python stack; 0: none */
	uint64_t caller, time;
	const struct pile *pile; /* NULL: none was taken */
};

/*
 * A copy that lives until piles_free(), one for equal stacks of one epoch; NULL for an empty list
 * and without memory.
 */
const struct pile *piles_keep(struct piles *piles, const struct seen_list *list, uint64_t epoch);

void piles_free(struct piles *piles);

#endif
