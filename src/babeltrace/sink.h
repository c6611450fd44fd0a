/* SPDX-License-Identifier: MIT */
/*
 * The component that reads what a graph gives to it. On its own, as sink.pythread.report, it writes
 * a report at the end; in the program `report` it only reads, and the program does the rest.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_SINK_H
#define PYTHREAD_TRACE_BABELTRACE_SINK_H

#include "babeltrace/reader.h"

/* Given as the data of the initialization by the program, and outlives the component. */
struct sink_client {
	struct reader reader;
	bool no_memory;
	uint64_t *taken; /* how many messages; NULL: nobody wants to know */
	uint64_t stop;	 /* after so many; UINT64_MAX: never */
	/* Before each batch of messages. May be NULL. */
	void (*progress)(struct sink_client *client);
	void *context;
};

bt_component_class_initialize_method_status
sink_initialize(bt_self_component_sink *self, bt_self_component_sink_configuration *configuration,
		const bt_value *params, void *data);
bt_component_class_sink_graph_is_configured_method_status
sink_configured(bt_self_component_sink *self);
bt_component_class_sink_consume_method_status sink_consume(bt_self_component_sink *self);
void sink_finalize(bt_self_component_sink *self);

#endif
