/* SPDX-License-Identifier: MIT */
#include "cli/library.h"

#include "cli/command.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The directory of this command's file, links resolved. */
static bool own_directory(char *out, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", out, size - 1);
	char *slash;

	if (length <= 0)
		return false;
	out[length] = '\0';
	slash = strrchr(out, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

/* Cuts tail off the path, when it ends in it. */
static bool cut(char *path, const char *tail)
{
	size_t length = strlen(path), cut_off = strlen(tail);

	if (length < cut_off || strcmp(path + length - cut_off, tail) != 0)
		return false;
	path[length - cut_off] = '\0';
	return true;
}

/* root + directory + the library's name, links resolved; NULL where there is none. */
static char *look_in(const char *root, const char *directory)
{
	char *candidate, *found;

	if (asprintf(&candidate, "%s%s/%s", root, directory, LIBRARY_FILE) < 0)
		return NULL;
	found = realpath(candidate, NULL);
	free(candidate);
	return found;
}

static char *find(char *directory)
{
	char *found;

	if (cut(directory, "/src/cli/.libs") || cut(directory, "/src/cli"))
		return look_in(directory, "/src/hook/.libs");
	found = look_in(directory, "/../lib");
	if (!found && cut(directory, BINDIR))
		found = look_in(directory, LIBDIR);
	return found ? found : look_in("", LIBDIR);
}

char *library_path(void)
{
	char directory[PATH_MAX];
	char *path;

	if (!own_directory(directory, sizeof(directory))) {
		complain("cannot tell where this command is: /proc is not mounted");
		return NULL;
	}
	path = find(directory);
	if (!path) {
		complain("%s is missing: looked in %s/../lib and in %s; is it installed?",
			 LIBRARY_FILE, directory, LIBDIR);
		return NULL;
	}
	if (path[strcspn(path, ": ")]) {
		complain("%s cannot be preloaded: LD_PRELOAD takes no path with a colon or a "
			 "space; install it elsewhere",
			 path);
		free(path);
		return NULL;
	}
	return path;
}
