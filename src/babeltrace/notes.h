/* SPDX-License-Identifier: MIT */
/* What the objects of one process are called. */
#ifndef PYTHREAD_TRACE_BABELTRACE_NOTES_H
#define PYTHREAD_TRACE_BABELTRACE_NOTES_H

#include "base/common.h"

/* The texts are the trace's, kept for as long as it. */
struct object_note {
	const char *name, *module; /* NULL: not known */
};

struct notes {
	struct note_entry *table;
};

/* type: as in the event object_name. A later note replaces an earlier one. */
void notes_add(struct notes *notes, uint64_t object, const char *type, struct object_note note);
const struct object_note *notes_find(const struct notes *notes, uint64_t object, const char *type);
void notes_free(struct notes *notes);

#endif
