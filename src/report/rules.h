/* SPDX-License-Identifier: MIT */
/* The suppression files, read into rules. See suppress.h for their syntax. */
#ifndef PYTHREAD_TRACE_RULES_H
#define PYTHREAD_TRACE_RULES_H

#include "options/options.h"

struct rule {
	struct rule *next;
	bool any_kind;
	enum finding_kind kind;
	const char *glob; /* for fnmatch, over a whole text */
	const char *text; /* the line as it was written */
	const char *file;
	unsigned int line;
	bool used;
};

/*
 * Adds the rules of one file, in its order, to the end of *list. They live as long as the process.
 * False and *error when the file cannot be read, or a line not understood.
 */
bool rules_read(struct rule **list, const char *file, struct options_error *error);

#endif
