/* SPDX-License-Identifier: MIT */
/* One story's stacks, looked up. Only under the report's output lock. */
#ifndef PYTHREAD_TRACE_SHOW_H
#define PYTHREAD_TRACE_SHOW_H

#include "report/document.h"
#include "report/plugin.h"
#include "report/thread_name.h"

/* One block of memory, measured before it is filled: a report must not depend on the heap. */
struct block {
	char *next;			    /* zeroed from here on */
	const struct report_plugin *plugin; /* NULL: bare addresses */
};

void *block_take(struct block *block, size_t count, size_t size);

/* How much of a block the story takes, its struct shown_stack included. */
size_t show_measure(const struct story *story);

/* The thread's name is left out. */
void show_story(struct block *block, struct shown_stack *out, const struct story *story);

/*
 * The variable at an address in that module (0: none): its name in `function`, and its offset. It
 * has no name where the module was unloaded since, whatever is there now.
 */
struct symbol show_variable(struct block *block, uint32_t module, const void *address);

/* Takes THREAD_NAME_SIZE bytes. NULL when no thread has this number now. */
const char *show_thread_name(struct block *block, pid_t tid);

#endif
