/* SPDX-License-Identifier: MIT */
#include "cli/place.h"

#include "base/common.h"
#include "cli/command.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOKED_SIZE PATH_MAX

/* The directory of this program's file, links resolved. */
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

/* root + directory + "/" + name, links resolved; NULL where there is none. */
static char *look_in(const char *root, const char *directory, const char *name)
{
	char *candidate, *found;

	if (asprintf(&candidate, "%s%s/%s", root, directory, name) < 0)
		return NULL;
	found = realpath(candidate, NULL);
	free(candidate);
	return found;
}

/* How many bytes two paths have in common, up to the end of a part of both. */
static size_t common(const char *one, const char *other)
{
	size_t length = 0, end = 0;

	while (one[length] && one[length] == other[length]) {
		if (one[length] == '/')
			end = length;
		length++;
	}
	if ((!one[length] || one[length] == '/') && (!other[length] || other[length] == '/'))
		end = length;
	return end;
}

/* As seen from own, which was meant to be installed as home. */
static char *look_beside(const char *own, const char *home, const char *directory, const char *name)
{
	char path[PATH_MAX];
	size_t same = common(home, directory), length = strlen(own);

	if (length >= sizeof(path))
		return NULL;
	memcpy(path, own, length + 1);
	for (const char *at = home + same; *at; at++) {
		if (*at != '/' || length + strlen("/..") >= sizeof(path))
			continue;
		memcpy(path + length, "/..", sizeof("/.."));
		length += strlen("/..");
	}
	return look_in(path, directory + same, name);
}

/* looked: where it ought to be, for a message. */
static char *find(char *own, const char *in_build, const char *directory, char looked[LOOKED_SIZE])
{
	static const char *const in_tree[] = {"/src/cli", "/src/record", "/src/babeltrace"};
	static const char *const homes[] = {BINDIR, PKGLIBEXECDIR};
	const char *name = strrchr(in_build, '/') + 1;
	char *found = NULL;

	cut(own, "/.libs");
	for (size_t i = 0; i < countof(in_tree); i++) {
		if (cut(own, in_tree[i])) {
			snprintf(looked, LOOKED_SIZE, "%s", own);
			return look_in(own, "", in_build + 1);
		}
	}
	snprintf(looked, LOOKED_SIZE, "%s", directory);
	for (size_t i = 0; !found && i < countof(homes); i++)
		found = look_beside(own, homes[i], directory, name);
	return found ? found : look_in("", directory, name);
}

char *place_find(const char *in_build, const char *directory)
{
	char own[PATH_MAX], looked[LOOKED_SIZE];
	char *path;

	if (!own_directory(own, sizeof(own))) {
		complain("cannot tell where this command is: /proc is not mounted");
		return NULL;
	}
	path = find(own, in_build, directory, looked);
	if (!path)
		complain("%s is missing in %s: %s; is all of pythread-trace installed?",
			 strrchr(in_build, '/') + 1, looked, strerror(errno));
	return path;
}
