/* SPDX-License-Identifier: MIT */
/* One story's stacks, looked up. Only under the report's output lock. */
#ifndef PYTHREAD_TRACE_SHOW_H
#define PYTHREAD_TRACE_SHOW_H

#include "report/document.h"
#include "report/plugin.h"

/* One block of memory, measured before it is filled: a report must not depend on the heap. */
struct block {
	char *next;			    /* zeroed from here on */
	const struct report_plugin *plugin; /* NULL: bare addresses */
};

void *block_take(struct block *block, size_t count, size_t size);

/* How much of a block the story takes, its struct shown_stack included. */
size_t show_measure(const struct story *story);

void show_story(struct block *block, struct shown_stack *out, const struct story *story);

#endif
