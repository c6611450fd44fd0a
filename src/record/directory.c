/* SPDX-License-Identifier: MIT */
#include "record/directory.h"

#include "cli/command.h"
#include "record/tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PACKET (1U << 20) /* bytes: more than one takes */

static bool is_empty(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int entries = 0;

	if (!directory)
		return false;
	while ((entry = readdir(directory)))
		entries += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(directory);
	return entries == 0;
}

/* An existing one. What is wrong with it, or NULL. */
static const char *check(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return strerror(errno);
	if (!S_ISDIR(status.st_mode))
		return "it is a file";
	if (access(path, R_OK | W_OK | X_OK) != 0)
		return strerror(errno);
	return is_empty(path) ? NULL : "it is not empty";
}

bool directory_make(struct plan *plan)
{
	const char *path = plan->wish ? plan->wish : plan->name, *wrong = NULL;

	plan->directory_made = mkdir(path, 0777) == 0;
	if (!plan->directory_made)
		wrong = errno == EEXIST ? check(path) : strerror(errno);
	if (!wrong) {
		plan->directory = realpath(path, NULL);
		wrong = plan->directory ? NULL : strerror(errno);
	}
	if (!wrong)
		return true;
	complain("no trace can be written into '%s': %s%s", path, wrong,
		 plan->wish ? "" : "; --trace DIR names another place");
	if (plan->directory_made)
		rmdir(path);
	return false;
}

void directory_undo(struct plan *plan)
{
	if (!plan->directory)
		return;
	tree_empty(plan->directory);
	if (plan->directory_made)
		rmdir(plan->directory);
}

uint64_t directory_room(const struct plan *plan)
{
	struct statvfs status;

	if (statvfs(plan->directory, &status) != 0 || !status.f_blocks)
		return UINT64_MAX;
	return (uint64_t)status.f_bavail * status.f_frsize;
}

bool directory_is_full(const struct plan *plan)
{
	return plan->directory && directory_room(plan) < PACKET;
}
