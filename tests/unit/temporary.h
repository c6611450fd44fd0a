/* SPDX-License-Identifier: MIT */
/* A directory of a test's own, and files in it. */
#ifndef PYTHREAD_TRACE_TEMPORARY_H
#define PYTHREAD_TRACE_TEMPORARY_H

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static char temporary[PATH_MAX];

static inline int temporary_make(void **state)
{
	const char *base = getenv("TMPDIR");
	char name[PATH_MAX - 64];

	(void)state;
	snprintf(name, sizeof(name), "%s/pythread-trace-XXXXXX", base ? base : "/tmp");
	return mkdtemp(name) && realpath(name, temporary) ? 0 : -1;
}

static inline int temporary_remove(void **state)
{
	char command[PATH_MAX + 16];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", temporary);
	return system(command);
}

/* A path in the directory. The caller frees it. */
static inline char *temporary_path(const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", temporary, name) < 0 ? NULL : path;
}

/* The first `length` bytes of a file; all of it with a negative length. */
static inline bool copy_file(const char *from, const char *to, long length)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	struct stat status;
	size_t left;
	ssize_t sent = 1;

	if (in < 0 || out < 0 || fstat(in, &status) != 0)
		return false;
	left = length < 0 ? (size_t)status.st_size : (size_t)length;
	while (left > 0 && sent > 0) {
		sent = sendfile(out, in, NULL, left);
		left -= sent > 0 ? (size_t)sent : 0;
	}
	close(in);
	close(out);
	return left == 0;
}

#endif
