/* SPDX-License-Identifier: MIT */
/* The parts of making a view. What cannot be had for lack of memory is left out. */
#ifndef PYTHREAD_TRACE_BABELTRACE_VIEW_INTERNAL_H
#define PYTHREAD_TRACE_BABELTRACE_VIEW_INTERNAL_H

#include "babeltrace/view.h"

struct making {
	struct view *view;
	struct process *process;
	const struct view_wanted *wanted;
	uint64_t end; /* of the trace that the process is in */
};

/* One place with its stacks looked up; NULL for one that is not there. */
const struct shown_stack *view_stack(struct making *making, const struct spot *spot,
				     enum site_role role, const char *caption);
bool view_fill_stack(struct making *making, struct shown_stack *out, const struct spot *spot,
		     enum site_role role, const char *caption);

/* The name of a thread, NULL where it is not known. */
const char *view_thread_name(const struct making *making, int32_t tid);

struct shown_mutex_id view_mutex_id(struct making *making, const struct lock *lock);

/*
 * What an object's name in the trace says: the name that somebody gave it, or, where it is made of
 * the object's variable and no symbol is known, that variable.
 */
void view_name(struct making *making, const char **name, const char **symbol,
	       const struct object_note *note);

/* Whether the code at this address, at that time, was the interpreter's own. */
bool view_is_interpreter(const struct process *process, uint64_t address, uint64_t time);

bool view_findings(struct making *making);
bool view_mutexes(struct making *making);
bool view_waits(struct making *making);	  /* those that last */
bool view_longest(struct making *making); /* those that are over */
bool view_keys(struct making *making);

#endif
