/* SPDX-License-Identifier: MIT */
/* What the report is to be, from the component's parameters. */
#ifndef PYTHREAD_TRACE_BABELTRACE_SETTINGS_H
#define PYTHREAD_TRACE_BABELTRACE_SETTINGS_H

#include "babeltrace/print.h"

#include <babeltrace2/babeltrace.h>

#define TOP_DEFAULT 10
#define WAITS_DEFAULT 5 /* with two stacks each */

struct settings {
	struct print_wanted print;
	const char *output; /* NULL: standard output */
	unsigned int suppressions;
};

void settings_default(struct settings *settings);

/*
 * False and one line in *error where a parameter is not known or not of the right type. The texts
 * stay as long as params.
 */
bool settings_read(struct settings *settings, const bt_value *params, char *error, size_t size);

/* False and *error where the file cannot be read or understood. */
bool settings_suppress(struct settings *settings, const char *file, char *error, size_t size);

/* Whether it is there, and a directory. */
bool settings_is_directory(const char *path);

/* Writes it all to the file or to standard output; false and *error where that fails. */
bool settings_write(const struct settings *settings, const struct buffer *text, char *error,
		    size_t size);

#endif
