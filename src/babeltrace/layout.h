/* SPDX-License-Identifier: MIT */
/*
 * Where the fields of an event lie. Looked up by name once for each event class: reading an event
 * then takes indices alone.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_LAYOUT_H
#define PYTHREAD_TRACE_BABELTRACE_LAYOUT_H

#include "babeltrace/seen.h"

#include <babeltrace2/babeltrace.h>

enum value_kind { VALUE_NUMBER, VALUE_SIGNED, VALUE_TEXT, VALUE_LIST };

struct layout_field {
	enum field field;
	enum value_kind kind;
	uint64_t index; /* in its structure */
};

#define LAYOUT_MAX 24

struct layout_part {
	unsigned int count;
	struct layout_field field[LAYOUT_MAX];
};

struct layout {
	enum seen_kind kind; /* SEEN_OTHER: nothing else is filled in; SEEN_COUNTED: whose it is */
	struct layout_part common, specific, payload;
};

struct layouts; /* those of all event classes met so far */

struct layouts *layouts_create(void); /* NULL when memory ran out */
void layouts_destroy(struct layouts *layouts);

/* NULL when memory ran out. */
const struct layout *layouts_get(struct layouts *layouts, const bt_event_class *event_class);

/* Event classes whose name is known and whose fields are not what they should be. */
uint64_t layouts_refused(const struct layouts *layouts);

/* Whether events of this name say something to the reader. */
bool layout_wants(const char *name);

#endif
