/* SPDX-License-Identifier: MIT */
#include "cli/scratch.h"

#include "cli/command.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool scratch_make(struct scratch *scratch)
{
	const char *parent = getenv("TMPDIR");
	int length;

	if (!parent || !*parent)
		parent = "/tmp";
	length = snprintf(scratch->path, sizeof(scratch->path), "%s/pythread-trace-XXXXXX", parent);
	if (length >= 0 && (size_t)length < sizeof(scratch->path) && mkdtemp(scratch->path))
		return true;
	complain("no directory can be made in '%s': %s", parent, strerror(errno));
	return false;
}

void scratch_remove(const struct scratch *scratch)
{
	DIR *directory = opendir(scratch->path);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		closedir(directory);
	rmdir(scratch->path);
}

const char *scratch_path(const struct scratch *scratch, const char *name,
			 char path[SCRATCH_PATH_SIZE])
{
	snprintf(path, SCRATCH_PATH_SIZE, "%s/%s", scratch->path, name);
	return path;
}
