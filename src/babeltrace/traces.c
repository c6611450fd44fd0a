/* SPDX-License-Identifier: MIT */
#include "babeltrace/traces.h"

#include "babeltrace/metadata.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool add(struct trace_list *list, const char *path)
{
	if (list->count == list->room) {
		unsigned int room = list->room ? 2 * list->room : 16;
		char **paths = realloc(list->path, room * sizeof(*paths));

		if (!paths)
			return false;
		list->path = paths;
		list->room = room;
	}
	list->path[list->count] = strdup(path);
	return list->path[list->count] && ++list->count;
}

static void note_unreadable(struct trace_list *list, const char *path)
{
	if (!list->unreadable++)
		snprintf(list->unreadable_path, sizeof(list->unreadable_path), "%s", path);
}

static bool take_metadata(struct trace_list *list, const char *metadata, const char *directory)
{
	switch (metadata_judge(metadata)) {
	case METADATA_GOOD:
		return add(list, directory);
	case METADATA_NEWER:
		list->newer_format++;
		break;
	case METADATA_CUT:
		if (!list->cut++)
			snprintf(list->cut_path, sizeof(list->cut_path), "%s", metadata);
		break;
	case METADATA_UNREADABLE:
		note_unreadable(list, metadata);
		break;
	case METADATA_NONE:
		break;
	}
	return true;
}

static int by_name(const FTSENT **left, const FTSENT **right)
{
	return strcmp((*left)->fts_name, (*right)->fts_name);
}

static bool take(struct trace_list *list, const FTSENT *entry)
{
	char *directory;
	bool good;

	if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR) {
		note_unreadable(list, entry->fts_path);
		return true;
	}
	if (entry->fts_info != FTS_F || strcmp(entry->fts_name, "metadata") != 0)
		return true;
	directory = strndup(entry->fts_path, entry->fts_pathlen - strlen("/metadata"));
	good = directory && take_metadata(list, entry->fts_path, directory);
	free(directory);
	return good;
}

bool traces_find(struct trace_list *list, const char *path, char *error, size_t size)
{
	char *roots[] = {(char *)path, NULL};
	struct stat status;
	bool good = true;
	FTSENT *entry;
	FTS *tree;

	if (stat(path, &status) != 0) {
		snprintf(error, size, "%s: %s", path, strerror(errno));
		return false;
	}
	if (!S_ISDIR(status.st_mode)) {
		snprintf(error, size, "%s: a trace is a directory, and this is not one", path);
		return false;
	}
	tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	if (!tree) {
		snprintf(error, size, "%s: %s", path, strerror(errno));
		return false;
	}
	while (good && (entry = fts_read(tree)))
		good = take(list, entry);
	fts_close(tree);
	if (!good)
		snprintf(error, size, "%s: %s", path, strerror(ENOMEM));
	return good;
}

void traces_free(struct trace_list *list)
{
	for (unsigned int i = 0; i < list->count; i++)
		free(list->path[i]);
	free(list->path);
	memset(list, 0, sizeof(*list));
}
