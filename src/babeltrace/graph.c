/* SPDX-License-Identifier: MIT */
#include "babeltrace/graph.h"

#include "babeltrace/cause.h"
#include "babeltrace/probe.h"
#include "babeltrace/salvage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail(struct graph *graph, const char *what)
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

static bool connect(struct graph *graph, const bt_port_output *from, const bt_port_input *to)
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
	       connect(graph,
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
		return fail(graph, "babeltrace2 cannot be set up");
	return true;
}

static const bt_port_input *free_port(const bt_component_filter *muxer)
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

static bool add_stream(struct graph *graph, const bt_port_output *port,
		       struct lenient_client *client)
{
	const bt_component_filter *filter;
	char name[64];

	snprintf(name, sizeof(name), "lenient %u", graph->streams++);
	return bt_graph_add_filter_component_with_initialize_method_data(
		       graph->graph, graph->lenient, name, NULL, client, BT_LOGGING_LEVEL_NONE,
		       &filter) == BT_GRAPH_ADD_COMPONENT_STATUS_OK &&
	       connect(graph, port,
		       bt_component_filter_borrow_input_port_by_index_const(filter, 0)) &&
	       connect(graph, bt_component_filter_borrow_output_port_by_index_const(filter, 0),
		       free_port(graph->muxer));
}

static const bt_component_source *add_source(struct graph *graph, const char *class_name,
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

static bool add_streams(struct graph *graph, const bt_component_source *source,
			struct lenient_client *client)
{
	for (uint64_t i = 0; i < bt_component_source_get_output_port_count(source); i++) {
		const bt_port_output *port =
			bt_component_source_borrow_output_port_by_index_const(source, i);

		if (!add_stream(graph, port, client))
			return fail(graph, client->path);
	}
	return true;
}

static const bt_component_class_source *fs_source(const struct graph *graph)
{
	return bt_plugin_borrow_source_component_class_by_name_const(graph->ctf, "fs");
}

static const bt_component_class *fs_class(const struct graph *graph)
{
	return bt_component_class_source_as_component_class_const(fs_source(graph));
}

/* One source for all parts of one trace, so that what they share is not read twice. */
static bool add_parts(struct graph *graph, const char *const *inputs, unsigned int count,
		      struct lenient_client *client)
{
	bt_value *params = probe_params(inputs, count);
	const bt_component_source *source = params ? add_source(graph, "fs", params) : NULL;

	if (params)
		bt_value_put_ref(params);
	client->outcome = graph->outcome;
	client->path = inputs[0];
	return source ? add_streams(graph, source, client) : fail(graph, inputs[0]);
}

static void warn(struct graph *graph, const char *path, const char *why)
{
	snprintf(graph->error, sizeof(graph->error), "%s: cannot be read: %s", path, why);
	outcome_warn(graph->outcome, "%s", graph->error);
}

/* What is whole in a damaged trace. */
static bool try_saved(struct graph *graph, const char *path, struct lenient_client *client,
		      unsigned int *added)
{
	const char *saved = salvage(path, graph->outcome);
	char why[256];

	if (!saved || !probe_open(fs_source(graph), &saved, 1, why, sizeof(why)) ||
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
			warn(graph, inputs[i], "nothing of it is whole");
		added += saved;
	}
	return added;
}

/* A source that cannot be made breaks the whole graph: so it is tried outside of it before. */
static unsigned int try_parts(struct graph *graph, const char *const *inputs, unsigned int count,
			      struct lenient_client *client)
{
	unsigned int added = 0;
	char why[256];

	if (graph->distrustful || need_saving(inputs, count))
		return try_all_saved(graph, inputs, count, client);
	if (probe_open(fs_source(graph), inputs, count, why, sizeof(why))) {
		if (graph->measured)
			probe_measure(fs_class(graph), inputs, count, &graph->range);
		return add_parts(graph, inputs, count, client) ? count : 0;
	}
	if (count == 1 && !try_saved(graph, inputs[0], client, &added))
		warn(graph, inputs[0], why);
	for (unsigned int i = 0; count > 1 && i < count; i++)
		added += try_parts(graph, &inputs[i], 1, client + i);
	return added;
}

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
		if (probe_group(fs_class(graph), part->path, part->group, sizeof(part->group), why,
				sizeof(why)))
			count++;
		else
			warn(graph, part->path, why);
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
		added += try_parts(graph, &paths[i], end - i, &graph->clients[i]);
	}
	return added;
}

bool graph_add_traces(struct graph *graph, const struct trace_list *list)
{
	struct part *parts = calloc(list->count + 1, sizeof(*parts));
	const char **paths = calloc(list->count + 1, sizeof(*paths));
	bool added = false;

	graph->clients = calloc(list->count + 1, sizeof(*graph->clients));
	if (parts && paths && graph->clients)
		added = add_groups(graph, parts, paths, find_parts(graph, list, parts)) > 0;
	else
		snprintf(graph->error, sizeof(graph->error), "out of memory");
	free(parts);
	free(paths);
	return added;
}

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
	const bt_component_source *source = params ? add_source(graph, "lttng-live", params) : NULL;
	bool good = source &&
		    connect(graph, bt_component_source_borrow_output_port_by_index_const(source, 0),
			    free_port(graph->muxer));

	if (params)
		bt_value_put_ref(params);
	return good || fail(graph, url);
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
		fail(graph, "the reading was given up");
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
