/* SPDX-License-Identifier: MIT */
#include "cli/program.h"

#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0 for a file that may be executed, else what is wrong, as an errno. */
static int check(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return errno;
	if (S_ISDIR(status.st_mode))
		return EISDIR;
	return access(path, X_OK) == 0 ? 0 : errno;
}

static bool is_missing(int error)
{
	return error == ENOENT || error == ENOTDIR;
}

static char *in_directory(const char *directory, size_t length, const char *name)
{
	char *path;
	int written =
		asprintf(&path, "%.*s%s%s", (int)length, directory, length ? "/" : "./", name);

	return written < 0 ? NULL : path;
}

/* PATH from left to right. *error is why the first file of that name was no good. */
static char *in_path(const char *name, int *error)
{
	const char *directories = getenv("PATH");

	if (!directories)
		directories = "/bin:/usr/bin";
	*error = ENOENT;
	for (;;) {
		size_t length = strcspn(directories, ":");
		char *path = in_directory(directories, length, name);
		int problem = path ? check(path) : ENOMEM;

		if (problem == 0)
			return path;
		free(path);
		if (is_missing(*error) && !is_missing(problem))
			*error = problem;
		if (!directories[length])
			return NULL;
		directories += length + 1;
	}
}

char *program_search(const char *name)
{
	int error;

	return in_path(name, &error);
}

char *program_find(const char *name, int *status)
{
	bool by_path = strchr(name, '/') != NULL;
	char *path = NULL;
	int error = ENOENT;

	if (by_path) {
		error = check(name);
		path = error ? NULL : strdup(name);
	} else if (*name) {
		path = in_path(name, &error);
	}
	if (path)
		return path;
	if (is_missing(error)) {
		complain("'%s' was not found%s", name, by_path || !*name ? "" : " in PATH");
		*status = STATUS_NOT_FOUND;
	} else {
		complain("'%s' cannot be run: %s", name, strerror(error));
		*status = STATUS_CANNOT_RUN;
	}
	return NULL;
}
