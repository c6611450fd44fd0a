/* SPDX-License-Identifier: MIT */
/* A world as text or as JSON. */
#ifndef PYTHREAD_TRACE_BABELTRACE_PRINT_H
#define PYTHREAD_TRACE_BABELTRACE_PRINT_H

#include "babeltrace/outcome.h"
#include "babeltrace/view.h"

struct print_wanted {
	bool json;
	bool utf8; /* the text may hold more than ASCII */
	bool gen_suppressions;
	struct view_wanted view;
};

/*
 * The whole report. Adds warnings to *outcome first, which are part of JSON; the text has them at
 * its end. out->failed is set without memory.
 */
void print_world(struct buffer *out, struct world *world, struct outcome *outcome,
		 const struct print_wanted *wanted, uint64_t refused);

/* Its parts. */
void print_headline(struct buffer *out, const struct process *process);
void print_json(struct buffer *out, struct world *world, struct outcome *outcome,
		const struct print_wanted *wanted, uint64_t refused);
void print_process(struct buffer *out, struct view *view, const struct print_wanted *wanted);
void print_longest(struct buffer *out, const struct view *view, const struct view_wanted *wanted);
void print_series(struct buffer *out, struct process *process, bool utf8);

/* The processes that have something to say. */
bool print_wants(const struct process *process);

#endif
