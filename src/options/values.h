/* SPDX-License-Identifier: MIT */
/* The parsers of option values, one a type of options.def. */
#ifndef PYTHREAD_TRACE_VALUES_H
#define PYTHREAD_TRACE_VALUES_H

#include "base/common.h"

/* A piece of the user's text, escapes still in it. */
struct span {
	const char *text; /* not NUL-terminated */
	size_t length;
};

bool span_is(struct span span, const char *text);

/*
 * Each stores *value in the member that the type stands for. The result is NULL, or what is wrong,
 * to be read after the quoted value; *value is then narrowed to the part that is wrong, and the
 * member may be half filled in. VALUE_CHOICES stands for "is not one of" and the option's argument.
 */
typedef const char *value_parser(void *member, struct span *value);

extern const char VALUE_CHOICES[];

value_parser value_text, value_format, value_status, value_kinds, value_files, value_flag,
	value_leak_check, value_on_error, value_mutex_mode, value_switch, value_depth, value_pid,
	value_seconds, value_milliseconds, value_tracer, value_path, value_url, value_list;

/*
 * A private copy without the escapes, for as long as the process lives, in *member. NULL, or that
 * memory ran out.
 */
const char *value_keep(const char **member, struct span value);

#endif
