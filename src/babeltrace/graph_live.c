/* SPDX-License-Identifier: MIT */
#include "babeltrace/graph_internal.h"

static bt_value *live_params(const char *url)
{
	bt_value *params = probe_params(&url, 1);

	if (params)
		bt_value_map_insert_string_entry(params, "session-not-found-action", "end");
	return params;
}

bool graph_add_live(struct graph *graph, const char *url)
{
	bt_value *params = live_params(url);
	const bt_component_source *source =
		params ? graph_add_source(graph, "lttng-live", params) : NULL;
	bool good = source &&
		    graph_connect(graph,
				  bt_component_source_borrow_output_port_by_index_const(source, 0),
				  graph_free_port(graph->muxer));

	if (params)
		bt_value_put_ref(params);
	return good || graph_fail(graph, url);
}
