/* SPDX-License-Identifier: MIT */
#include "record/tree.h"

#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define METADATA "metadata"
#define DEPTH_MAX 16
#define OPEN_MAX 16

static char *join(const char *directory, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

static bool is_trace(const char *directory)
{
	char *path = join(directory, METADATA);
	bool found = path && access(path, F_OK) == 0;

	free(path);
	return found;
}

static bool is_real_directory(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Calls for each entry that is not "." or "..". */
static void each_entry(const char *directory, void (*call)(void *data, const char *path),
		       void *data)
{
	DIR *opened = opendir(directory);
	struct dirent *entry;

	while (opened && (entry = readdir(opened))) {
		char *path;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		path = join(directory, entry->d_name);
		if (path)
			call(data, path);
		free(path);
	}
	if (opened)
		closedir(opened);
}

struct walk {
	void (*call)(void *data, const char *path);
	void *data;
	int depth;
};

static void walk(void *data, const char *path)
{
	struct walk *from = data;
	struct walk below = {from->call, from->data, from->depth + 1};

	if (from->depth >= DEPTH_MAX || !is_real_directory(path))
		return;
	if (is_trace(path))
		from->call(from->data, path);
	else
		each_entry(path, walk, &below);
}

void tree_each(const char *directory, void (*call)(void *data, const char *path), void *data)
{
	struct walk from = {call, data, 0};

	walk(&from, directory);
}

struct found {
	unsigned int count;
	char first[PATH_MAX];
};

static void note(void *data, const char *path)
{
	struct found *found = data;

	if (found->count++ == 0)
		snprintf(found->first, sizeof(found->first), "%s", path);
}

static void move_into(void *data, const char *path)
{
	char *target = join(data, strrchr(path, '/') + 1);

	if (target && access(target, F_OK) != 0)
		rename(path, target);
	free(target);
}

/* The files of a trace, to a directory above it; what is empty then goes. */
static void move_up(char *trace, const char *directory)
{
	each_entry(trace, move_into, (void *)directory);
	while (strlen(trace) > strlen(directory) && rmdir(trace) == 0)
		*strrchr(trace, '/') = '\0';
}

static void settle(void *data, const char *directory)
{
	struct found found = {0};
	int *depth = data;

	if (!is_real_directory(directory) || *depth >= DEPTH_MAX || is_trace(directory))
		return;
	tree_each(directory, note, &found);
	++*depth;
	if (found.count == 1)
		move_up(found.first, directory);
	else if (found.count > 1)
		each_entry(directory, settle, depth);
	--*depth;
}

void tree_settle(const char *directory)
{
	int depth = 0;

	settle(&depth, directory);
}

static int remove_below(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	if (place->level > 0)
		remove(path);
	return 0;
}

void tree_empty(const char *directory)
{
	nftw(directory, remove_below, OPEN_MAX, FTW_DEPTH | FTW_PHYS);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	remove(path);
	return 0;
}

void tree_remove(const char *directory)
{
	nftw(directory, remove_one, OPEN_MAX, FTW_DEPTH | FTW_PHYS);
}
