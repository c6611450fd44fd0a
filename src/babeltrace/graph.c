/* SPDX-License-Identifier: MIT */
#include "babeltrace/cause.h"
#include "babeltrace/graph_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool graph_fail(struct graph *graph, const char *what)
{
	char why[256];

	cause_take(why, sizeof(why));
	snprintf(graph->error, sizeof(graph->error), "%s: %s", what, why);
	return false;
}

static bool find_plugin(struct graph *graph, const char *name, const bt_plugin **out)
{
	if (bt_plugin_find(name, true, false, true, true, false, out) == BT_PLUGIN_FIND_STATUS_OK)
		return true;
	bt_current_thread_clear_error();
	snprintf(graph->error, sizeof(graph->error),
		 "babeltrace2's plug-in \"%s\" is not installed (Debian package babeltrace2)",
		 name);
	return false;
}

static bool add_sink(struct graph *graph, const bt_component_sink **out)
{
	bt_component_class_sink *class = bt_component_class_sink_create("report", sink_consume);
	bool good;

	if (!class)
		return false;
	bt_component_class_sink_set_initialize_method(class, sink_initialize);
	bt_component_class_sink_set_graph_is_configured_method(class, sink_configured);
	bt_component_class_sink_set_finalize_method(class, sink_finalize);
	good = bt_graph_add_sink_component_with_initialize_method_data(
		       graph->graph, class, "report", NULL, graph->client, BT_LOGGING_LEVEL_NONE,
		       out) == BT_GRAPH_ADD_COMPONENT_STATUS_OK;
	bt_component_class_sink_put_ref(class);
	return good;
}

bool graph_connect(struct graph *graph, const bt_port_output *from, const bt_port_input *to)
{
	return from && to &&
	       bt_graph_connect_ports(graph->graph, from, to, NULL) ==
		       BT_GRAPH_CONNECT_PORTS_STATUS_OK;
}

static bool add_muxer(struct graph *graph)
{
	const bt_component_class_filter *class =
		bt_plugin_borrow_filter_component_class_by_name_const(graph->utils, "muxer");
	const bt_component_sink *sink;

	return class &&
	       bt_graph_add_filter_component(graph->graph, class, "muxer", NULL,
					     BT_LOGGING_LEVEL_NONE,
					     &graph->muxer) == BT_GRAPH_ADD_COMPONENT_STATUS_OK &&
	       add_sink(graph, &sink) &&
	       graph_connect(graph,
			     bt_component_filter_borrow_output_port_by_index_const(graph->muxer, 0),
			     bt_component_sink_borrow_input_port_by_index_const(sink, 0));
}

bool graph_begin(struct graph *graph, struct sink_client *client, struct outcome *outcome)
{
	memset(graph, 0, sizeof(*graph));
	graph->client = client;
	graph->outcome = outcome;
	bt_logging_set_global_level(BT_LOGGING_LEVEL_NONE);
	if (!find_plugin(graph, "ctf", &graph->ctf) || !find_plugin(graph, "utils", &graph->utils))
		return false;
	graph->graph = bt_graph_create(0);
	graph->lenient = lenient_class();
	if (!graph->graph || !graph->lenient || !add_muxer(graph))
		return graph_fail(graph, "babeltrace2 cannot be set up");
	return true;
}

const bt_port_input *graph_free_port(const bt_component_filter *muxer)
{
	uint64_t count = bt_component_filter_get_input_port_count(muxer);

	for (uint64_t i = count; i > 0; i--) {
		const bt_port_input *port =
			bt_component_filter_borrow_input_port_by_index_const(muxer, i - 1);

		if (!bt_port_is_connected(bt_port_input_as_port_const(port)))
			return port;
	}
	return NULL;
}

const bt_component_source *graph_add_source(struct graph *graph, const char *class_name,
					    const bt_value *params)
{
	const bt_component_class_source *class =
		bt_plugin_borrow_source_component_class_by_name_const(graph->ctf, class_name);
	const bt_component_source *source = NULL;
	char name[64];

	snprintf(name, sizeof(name), "source %u", graph->inputs++);
	if (!class ||
	    bt_graph_add_source_component(graph->graph, class, name, params, BT_LOGGING_LEVEL_NONE,
					  &source) != BT_GRAPH_ADD_COMPONENT_STATUS_OK)
		return NULL;
	return source;
}

const bt_component_class_source *graph_fs_source(const struct graph *graph)
{
	return bt_plugin_borrow_source_component_class_by_name_const(graph->ctf, "fs");
}

const bt_component_class *graph_fs_class(const struct graph *graph)
{
	return bt_component_class_source_as_component_class_const(graph_fs_source(graph));
}

void graph_warn(struct graph *graph, const char *path, const char *why)
{
	snprintf(graph->error, sizeof(graph->error), "%s: cannot be read: %s", path, why);
	outcome_warn(graph->outcome, "%s", graph->error);
}

enum graph_result graph_run(struct graph *graph)
{
	bt_graph_run_status status = bt_graph_run(graph->graph);

	switch (status) {
	case BT_GRAPH_RUN_STATUS_OK:
		return GRAPH_END;
	case BT_GRAPH_RUN_STATUS_AGAIN:
		return GRAPH_AGAIN;
	default:
		graph_fail(graph, "the reading was given up");
		return GRAPH_ERROR;
	}
}

void graph_interrupt(struct graph *graph)
{
	bt_interrupter_set(bt_graph_borrow_default_interrupter(graph->graph));
}

void graph_free(struct graph *graph)
{
	if (graph->graph)
		bt_graph_put_ref(graph->graph);
	if (graph->lenient)
		bt_component_class_filter_put_ref(graph->lenient);
	if (graph->ctf)
		bt_plugin_put_ref(graph->ctf);
	if (graph->utils)
		bt_plugin_put_ref(graph->utils);
	free(graph->clients);
}
