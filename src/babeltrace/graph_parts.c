/* SPDX-License-Identifier: MIT */
#include "babeltrace/graph_internal.h"
#include "babeltrace/salvage.h"

#include <stdio.h>

static bool add_stream(struct graph *graph, const bt_port_output *port,
		       struct lenient_client *client)
{
	const bt_component_filter *filter;
	char name[64];

	snprintf(name, sizeof(name), "lenient %u", graph->streams++);
	return bt_graph_add_filter_component_with_initialize_method_data(
		       graph->graph, graph->lenient, name, NULL, client, BT_LOGGING_LEVEL_NONE,
		       &filter) == BT_GRAPH_ADD_COMPONENT_STATUS_OK &&
	       graph_connect(graph, port,
			     bt_component_filter_borrow_input_port_by_index_const(filter, 0)) &&
	       graph_connect(graph,
			     bt_component_filter_borrow_output_port_by_index_const(filter, 0),
			     graph_free_port(graph->muxer));
}

static bool add_streams(struct graph *graph, const bt_component_source *source,
			struct lenient_client *client)
{
	for (uint64_t i = 0; i < bt_component_source_get_output_port_count(source); i++) {
		const bt_port_output *port =
			bt_component_source_borrow_output_port_by_index_const(source, i);

		if (!add_stream(graph, port, client))
			return graph_fail(graph, client->path);
	}
	return true;
}

/* One source for all parts of one trace, so that what they share is not read twice. */
static bool add_parts(struct graph *graph, const char *const *inputs, unsigned int count,
		      struct lenient_client *client)
{
	bt_value *params = probe_params(inputs, count);
	const bt_component_source *source = params ? graph_add_source(graph, "fs", params) : NULL;

	if (params)
		bt_value_put_ref(params);
	client->outcome = graph->outcome;
	client->path = inputs[0];
	return source ? add_streams(graph, source, client) : graph_fail(graph, inputs[0]);
}

/* What is whole in a damaged trace. */
static bool try_saved(struct graph *graph, const char *path, struct lenient_client *client,
		      unsigned int *added)
{
	const char *saved = salvage(path, graph->outcome);
	char why[256];

	if (!saved || !probe_open(graph_fs_source(graph), &saved, 1, why, sizeof(why)) ||
	    !add_parts(graph, &saved, 1, client))
		return false;
	client->path = path;
	*added = 1;
	return true;
}

static bool need_saving(const char *const *inputs, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (salvage_is_needed(inputs[i]))
			return true;
	return false;
}

static unsigned int try_all_saved(struct graph *graph, const char *const *inputs,
				  unsigned int count, struct lenient_client *client)
{
	unsigned int added = 0;

	for (unsigned int i = 0; i < count; i++) {
		unsigned int saved = 0;

		if (!try_saved(graph, inputs[i], client + i, &saved))
			graph_warn(graph, inputs[i],
				   salvage_is_possible()
					   ? "nothing of it is whole"
					   : "it is damaged, and there is no place for what is "
					     "whole of it: set TMPDIR");
		added += saved;
	}
	return added;
}

unsigned int graph_add_parts(struct graph *graph, const char *const *inputs, unsigned int count,
			     struct lenient_client *client)
{
	unsigned int added = 0;
	char why[256];

	if (graph->distrustful || need_saving(inputs, count))
		return try_all_saved(graph, inputs, count, client);
	if (probe_open(graph_fs_source(graph), inputs, count, why, sizeof(why))) {
		if (graph->measured)
			probe_measure(graph_fs_class(graph), inputs, count, &graph->range);
		return add_parts(graph, inputs, count, client) ? count : 0;
	}
	if (count == 1 && !try_saved(graph, inputs[0], client, &added))
		graph_warn(graph, inputs[0], why);
	for (unsigned int i = 0; count > 1 && i < count; i++)
		added += graph_add_parts(graph, &inputs[i], 1, client + i);
	return added;
}
