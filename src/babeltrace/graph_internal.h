/* SPDX-License-Identifier: MIT */
/* The parts of making a graph. */
#ifndef PYTHREAD_TRACE_BABELTRACE_GRAPH_INTERNAL_H
#define PYTHREAD_TRACE_BABELTRACE_GRAPH_INTERNAL_H

#include "babeltrace/graph.h"

/* Keeps what could not be done, or a path, and babeltrace2's reason in graph->error. Is false. */
bool graph_fail(struct graph *graph, const char *what);

/* This trace cannot be read, and others may: a warning, also kept in graph->error. */
void graph_warn(struct graph *graph, const char *path, const char *why);

/* False when one of them is NULL, too. */
bool graph_connect(struct graph *graph, const bt_port_output *from, const bt_port_input *to);

/* The muxer's one that nothing is connected to: it always has one. */
const bt_port_input *graph_free_port(const bt_component_filter *muxer);

/* A source of the plug-in "ctf"; NULL when it cannot be made, which breaks the graph. */
const bt_component_source *graph_add_source(struct graph *graph, const char *class_name,
					    const bt_value *params);

/* The class of sources that read traces from files. */
const bt_component_class_source *graph_fs_source(const struct graph *graph);
const bt_component_class *graph_fs_class(const struct graph *graph);

/*
 * Adds directories that are parts of one trace. A source that cannot be made breaks the whole
 * graph: so it is tried outside of it before. Of parts that are damaged what is whole is read, and
 * warnings say so. client: as many as there are parts, which live as long as the graph. How many
 * parts will be read.
 */
unsigned int graph_add_parts(struct graph *graph, const char *const *inputs, unsigned int count,
			     struct lenient_client *client);

#endif
