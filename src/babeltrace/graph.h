/* SPDX-License-Identifier: MIT */
/* The graph of the program `report`: traces or a live session, put in order, to the reader. */
#ifndef PYTHREAD_TRACE_BABELTRACE_GRAPH_H
#define PYTHREAD_TRACE_BABELTRACE_GRAPH_H

#include "babeltrace/lenient.h"
#include "babeltrace/probe.h"
#include "babeltrace/sink.h"
#include "babeltrace/traces.h"

struct graph {
	bt_graph *graph;
	struct sink_client *client;
	struct outcome *outcome;
	const bt_plugin *ctf, *utils;
	const bt_component_class_filter *lenient;
	const bt_component_filter *muxer;
	struct lenient_client *clients;
	unsigned int inputs, streams;
	bool distrustful;	  /* set by the caller: read what was made whole again only */
	bool measured;		  /* set by the caller: fill in range */
	struct probe_range range; /* of all traces */
	char error[512];
};

/* False and graph->error when it cannot be made. End with graph_free() in both cases. */
bool graph_begin(struct graph *graph, struct sink_client *client, struct outcome *outcome);

/* Traces that cannot be read become warnings. False when none of them can. */
bool graph_add_traces(struct graph *graph, const struct trace_list *list);
bool graph_add_live(struct graph *graph, const char *url);

enum graph_result { GRAPH_END, GRAPH_AGAIN, GRAPH_ERROR };

/* Until the end, an interruption or an error; GRAPH_AGAIN: nothing has come in yet. */
enum graph_result graph_run(struct graph *graph);

/* From a signal handler, too: graph_run() ends soon. */
void graph_interrupt(struct graph *graph);

void graph_free(struct graph *graph);

#endif
