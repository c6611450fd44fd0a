/* SPDX-License-Identifier: MIT */
#include "record/tree.h"

#include "base/buffer.h"

#include <dirent.h>
#include <errno.h>
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

enum kind { OTHER, DIRECTORY, TRACE, UNKNOWN };

static enum kind kind_of(const char *path)
{
	struct stat status;
	char *metadata;
	int found;

	if (lstat(path, &status) != 0)
		return errno == ENOENT ? OTHER : UNKNOWN;
	if (!S_ISDIR(status.st_mode))
		return OTHER;
	metadata = join(path, METADATA);
	found = metadata ? access(metadata, F_OK) : -1;
	if (found != 0 && (!metadata || errno != ENOENT))
		found = 1;
	free(metadata);
	return found == 0 ? TRACE : found < 0 ? DIRECTORY : UNKNOWN;
}

/* Calls for each entry that is not "." or "..". False where it could not for some, or all. */
static bool each_entry(const char *directory, void (*call)(void *data, const char *path),
		       void *data)
{
	DIR *opened = opendir(directory);
	bool all = opened != NULL;
	struct dirent *entry;

	while (opened && (errno = 0, entry = readdir(opened))) {
		char *path;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		path = join(directory, entry->d_name);
		if (path)
			call(data, path);
		all = all && path;
		free(path);
	}
	all = all && !errno;
	if (opened)
		closedir(opened);
	return all;
}

struct walk {
	void (*call)(void *data, const char *path);
	void *data;
	int depth;
	bool *all;
};

static void walk(void *data, const char *path)
{
	struct walk *from = data;
	struct walk below = {from->call, from->data, from->depth + 1, from->all};

	enum kind kind = kind_of(path);

	switch (kind == DIRECTORY && from->depth >= DEPTH_MAX ? UNKNOWN : kind) {
	case TRACE:
		from->call(from->data, path);
		break;
	case DIRECTORY:
		if (!each_entry(path, walk, &below))
			*from->all = false;
		break;
	case UNKNOWN:
		*from->all = false;
		break;
	default:
		break;
	}
}

bool tree_each(const char *directory, void (*call)(void *data, const char *path), void *data)
{
	bool all = true;
	struct walk from = {call, data, 0, &all};

	walk(&from, directory);
	return all;
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

struct moving {
	const char *from, *to;
	struct buffer names; /* of what has been moved, each with its end */
	bool failed;
};

static bool move(const char *from, const char *to, const char *name)
{
	char *path = join(from, name), *target = join(to, name);
	bool moved = path && target && access(target, F_OK) != 0 && rename(path, target) == 0;

	free(target);
	free(path);
	return moved;
}

static void move_one(void *data, const char *path)
{
	struct moving *moving = data;
	const char *name = strrchr(path, '/') + 1;

	if (moving->failed)
		return;
	moving->failed = !move(moving->from, moving->to, name);
	if (moving->failed)
		return;
	buffer_add(&moving->names, name, strlen(name) + 1);
	if (moving->names.failed) {
		moving->failed = true;
		move(moving->to, moving->from, name);
	}
}

/* Half of a trace here and half of it there could not be read. */
static void move_back(const struct moving *moving)
{
	for (size_t at = 0; at < moving->names.length; at += strlen(moving->names.data + at) + 1)
		move(moving->to, moving->from, moving->names.data + at);
}

/* The files of a trace, to a directory above it; what is empty then goes. */
static void move_up(char *trace, const char *directory)
{
	struct moving moving = {.from = trace, .to = directory};

	if (!each_entry(trace, move_one, &moving) || moving.failed)
		move_back(&moving);
	buffer_free(&moving.names);
	while (strlen(trace) > strlen(directory) && rmdir(trace) == 0)
		*strrchr(trace, '/') = '\0';
}

static void settle(void *data, const char *directory)
{
	struct found found = {0};
	int *depth = data;

	if (*depth >= DEPTH_MAX || kind_of(directory) != DIRECTORY)
		return;
	if (!tree_each(directory, note, &found))
		return;
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
