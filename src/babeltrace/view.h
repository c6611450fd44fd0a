/* SPDX-License-Identifier: MIT */
/*
 * One process as a document (report/document.h), and what only a trace can tell besides. Made
 * afresh for each report.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_VIEW_H
#define PYTHREAD_TRACE_BABELTRACE_VIEW_H

#include "babeltrace/lookup.h"
#include "babeltrace/pool.h"
#include "babeltrace/process.h"
#include "report/document.h"

struct view_wanted {
	struct lookup_places places;
	unsigned int top;   /* how many mutexes the text shows */
	unsigned int waits; /* and how many of the longest waits */
	bool all;	    /* all waits, and mutexes that nobody waited for too */
};

struct view_wait {
	struct shown_mutex_id id;
	const struct past_wait *facts;
	const char *thread_name, *holder_name;
	const struct shown_stack *waited;
	const struct shown_stack *locked; /* NULL: not known */
};

struct view {
	struct pool pool;
	const struct process *process;
	struct document document;
	struct report_facts facts;
	struct view_wait *longest;
	unsigned int longest_count;
};

/* False when memory ran out; end with view_free() in both cases. */
bool view_make(struct view *view, struct process *process, const struct view_wanted *wanted);
void view_free(struct view *view);

#endif
