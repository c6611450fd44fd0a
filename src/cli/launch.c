/* SPDX-License-Identifier: MIT */
#include "cli/launch.h"

#include "cli/command.h"
#include "options/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PRELOAD_VARIABLE "LD_PRELOAD"

/* Whether the list begins with this path already: one "run" inside another. */
static bool is_first(const char *list, const char *path)
{
	size_t length = strlen(path);

	return strncmp(list, path, length) == 0 && strchr(": ", list[length]);
}

static bool preload(const char *library)
{
	const char *present = getenv(PRELOAD_VARIABLE);
	char *list;
	bool good;

	if (!present || !*present)
		return setenv(PRELOAD_VARIABLE, library, 1) == 0;
	if (is_first(present, library))
		return true;
	if (asprintf(&list, "%s:%s", library, present) < 0)
		return false;
	good = setenv(PRELOAD_VARIABLE, list, 1) == 0;
	free(list);
	return good;
}

bool launch_prepare(const char *library, const char *options)
{
	if (preload(library) && setenv(OPTIONS_VARIABLE, options, 1) == 0)
		return true;
	complain("the environment cannot be set: %s", strerror(errno));
	return false;
}

int launch_failed(const char *path)
{
	if (errno == ENOEXEC)
		complain("'%s' cannot be run: neither a program nor a script with a #! line", path);
	else if (errno == ENOENT)
		complain("'%s' cannot be run: the interpreter or dynamic linker that it names "
			 "is missing",
			 path);
	else
		complain("'%s' cannot be run: %s", path, strerror(errno));
	return STATUS_CANNOT_RUN;
}
