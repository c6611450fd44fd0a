/* SPDX-License-Identifier: MIT */
/*
 * One event of a trace, read: what is left when babeltrace2 has been forgotten. Texts and lists are
 * valid until the next event is read.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_SEEN_H
#define PYTHREAD_TRACE_BABELTRACE_SEEN_H

#include "base/common.h"

enum field {
#define FIELD(identifier, name, value) F_##identifier,
#include "babeltrace/fields.def"
#undef FIELD
	FIELD_COUNT
};

#define HAS(identifier) (UINT64_C(1) << F_##identifier)

enum seen_kind {
	SEEN_OTHER,   /* another program's: says nothing to the reader */
	SEEN_COUNTED, /* pythread-trace's, which says that it happened and no more */
#define SEEN(identifier, name, needs) SEEN_##identifier,
#include "babeltrace/seen.def"
#undef SEEN
	SEEN_KIND_COUNT
};

#define LIST_MAX 256 /* as many frames as a stack may have */

struct seen_list {
	unsigned int count;
	uint64_t item[LIST_MAX];
};

union seen_value {
	uint64_t number; /* a negative one wraps */
	const char *text;
};

struct seen {
	enum seen_kind kind;
	uint64_t time; /* nanoseconds since the clock's origin */
	uint64_t has;  /* HAS(…) of the fields that were there */
	union seen_value value[FIELD_COUNT];
	struct seen_list list; /* an event has one at most */
};

/* Of the tracer, about what is loaded: not of pythread-trace. */
static inline bool seen_is_tracers(enum seen_kind kind)
{
	return kind >= SEEN_IMAGES_START;
}

static inline bool seen_has(const struct seen *seen, enum field field)
{
	return (seen->has >> field) & 1;
}

static inline uint64_t seen_number(const struct seen *seen, enum field field)
{
	return seen_has(seen, field) ? seen->value[field].number : 0;
}

/* NULL for an empty text, too. */
static inline const char *seen_text(const struct seen *seen, enum field field)
{
	return seen_has(seen, field) && seen->value[field].text[0] ? seen->value[field].text : NULL;
}

#endif
