/* SPDX-License-Identifier: MIT */
/* The traces below a directory: one is wherever a file "metadata" lies, at any depth. */
#ifndef PYTHREAD_TRACE_BABELTRACE_TRACES_H
#define PYTHREAD_TRACE_BABELTRACE_TRACES_H

#include "base/common.h"

struct trace_list {
	unsigned int count, room;
	char **path;
	unsigned int newer_format; /* traces of CTF 2, which are not in the list */
	unsigned int cut;	   /* whose metadata is damaged, and not in the list either */
	char cut_path[256];
	unsigned int unreadable;   /* directories and files that may not be read */
	char unreadable_path[256]; /* the first of them */
};

/* Adds them, in the order of their names; false and a line in *error when `path` cannot be read. */
bool traces_find(struct trace_list *list, const char *path, char *error, size_t size);
void traces_free(struct trace_list *list);

#endif
