/* SPDX-License-Identifier: MIT */
/* Paths as texts: no file is looked at. */
#ifndef PYTHREAD_TRACE_PATH_H
#define PYTHREAD_TRACE_PATH_H

#include <string.h>

/*
 * What is behind the last slash, in the text itself. Not libc's basename(): a program may have one
 * of its own, and would be called.
 */
static inline const char *path_last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

#endif
