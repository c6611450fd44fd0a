/* SPDX-License-Identifier: MIT */
#include "babeltrace/graph_internal.h"
#include "babeltrace/shortfall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct part {
	const char *path;
	char group[64];
};

static int by_group(const void *left, const void *right)
{
	const struct part *a = left, *b = right;
	int order = strcmp(a->group, b->group);

	return order ? order : strcmp(a->path, b->path);
}

static unsigned int find_parts(struct graph *graph, const struct trace_list *list,
			       struct part *parts)
{
	unsigned int count = 0;
	char why[256];

	for (unsigned int i = 0; i < list->count; i++) {
		struct part *part = &parts[count];

		part->path = list->path[i];
		if (probe_group(graph_fs_class(graph), part->path, part->group, sizeof(part->group),
				why, sizeof(why)))
			count++;
		else
			graph_warn(graph, part->path, why);
	}
	qsort(parts, count, sizeof(*parts), by_group);
	return count;
}

static unsigned int add_groups(struct graph *graph, const struct part *parts, const char **paths,
			       unsigned int count)
{
	unsigned int added = 0, end;

	for (unsigned int i = 0; i < count; i = end) {
		for (end = i; end < count; end++) {
			if (end > i &&
			    (!parts[i].group[0] || strcmp(parts[i].group, parts[end].group) != 0))
				break;
			paths[end] = parts[end].path;
		}
		added += graph_add_parts(graph, &paths[i], end - i, &graph->clients[i]);
	}
	return added;
}

bool graph_add_traces(struct graph *graph, const struct trace_list *list)
{
	struct part *parts = calloc(list->count + 1, sizeof(*parts));
	const char **paths = calloc(list->count + 1, sizeof(*paths));
	bool added = false;

	for (unsigned int i = 0; i < list->count; i++)
		shortfall_warn(list->path[i], graph->outcome);
	graph->clients = calloc(list->count + 1, sizeof(*graph->clients));
	if (parts && paths && graph->clients)
		added = add_groups(graph, parts, paths, find_parts(graph, list, parts)) > 0;
	else
		snprintf(graph->error, sizeof(graph->error), "out of memory");
	free(parts);
	free(paths);
	return added;
}
