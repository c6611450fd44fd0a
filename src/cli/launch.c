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

static bool is_separator(char c)
{
	return c == ':' || c == ' ';
}

static bool is_asan(const char *entry, size_t length)
{
	const char *name = memrchr(entry, '/', length);

	name = name ? name : entry;
	return memmem(name, (size_t)(entry + length - name), "asan", strlen("asan"));
}

/* What stays in front: AddressSanitizer ends the program in which its library is not the first. */
static size_t front_of(const char *list)
{
	size_t end = strspn(list, ": "), length;

	while ((length = strcspn(list + end, ": ")) && is_asan(list + end, length)) {
		end += length;
		end += strspn(list + end, ": ");
	}
	return end;
}

static bool preload(const char *library)
{
	const char *present = getenv(PRELOAD_VARIABLE);
	size_t front;
	char *list;
	bool good;

	if (!present || !*present)
		return setenv(PRELOAD_VARIABLE, library, 1) == 0;
	front = front_of(present);
	if (is_first(present + front, library))
		return true;
	if (asprintf(&list, "%.*s%s%s%s%s", (int)front, present,
		     front && !is_separator(present[front - 1]) ? ":" : "", library,
		     present[front] ? ":" : "", present + front) < 0)
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
