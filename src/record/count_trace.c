/* SPDX-License-Identifier: MIT */
#include "record/count_trace.h"

#include <stdio.h>
#include <stdlib.h>

#define PORTS_MAX 4096

/* A sink a stream: events need no order to be counted. */
struct stream {
	struct contents *contents;
	bt_message_iterator *iterator;
};

static bt_graph_simple_sink_component_initialize_func_status begin(bt_message_iterator *iterator,
								   void *data)
{
	struct stream *stream = data;

	bt_message_iterator_get_ref(iterator);
	stream->iterator = iterator;
	return BT_GRAPH_SIMPLE_SINK_COMPONENT_INITIALIZE_FUNC_STATUS_OK;
}

static void count_message(struct contents *contents, const bt_message *message)
{
	bt_message_type type = bt_message_get_type(message);
	uint64_t missing = 0;

	if (type == BT_MESSAGE_TYPE_EVENT)
		contents->events++;
	else if (type == BT_MESSAGE_TYPE_DISCARDED_EVENTS &&
		 bt_message_discarded_events_get_count(message, &missing) ==
			 BT_PROPERTY_AVAILABILITY_AVAILABLE)
		contents->discarded += missing;
	else if (type == BT_MESSAGE_TYPE_DISCARDED_PACKETS &&
		 bt_message_discarded_packets_get_count(message, &missing) ==
			 BT_PROPERTY_AVAILABILITY_AVAILABLE)
		contents->packets += missing;
}

static bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator *iterator,
								  void *data)
{
	struct stream *stream = data;
	bt_message_array_const messages;
	uint64_t count;
	bt_message_iterator_next_status status =
		bt_message_iterator_next(iterator, &messages, &count);

	if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_END)
		return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_END;
	if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_AGAIN)
		return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_AGAIN;
	if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK)
		return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_ERROR;
	for (uint64_t i = 0; i < count; i++) {
		count_message(stream->contents, messages[i]);
		bt_message_put_ref(messages[i]);
	}
	return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_OK;
}

static void end(void *data)
{
	struct stream *stream = data;

	bt_message_iterator_put_ref(stream->iterator);
	free(stream);
}

static bool add_sink(bt_graph *graph, const bt_component_source *source, uint64_t index,
		     struct contents *contents)
{
	const bt_port_output *output =
		bt_component_source_borrow_output_port_by_index_const(source, index);
	const bt_component_sink *sink;
	struct stream *stream = calloc(1, sizeof(*stream));
	char name[32];

	if (!stream)
		return false;
	stream->contents = contents;
	snprintf(name, sizeof(name), "count-%u", (unsigned int)index);
	if (bt_graph_add_simple_sink_component(graph, name, begin, consume, end, stream, &sink) !=
	    BT_GRAPH_ADD_COMPONENT_STATUS_OK) {
		free(stream);
		return false;
	}
	return bt_graph_connect_ports(graph, output,
				      bt_component_sink_borrow_input_port_by_name_const(sink, "in"),
				      NULL) == BT_GRAPH_CONNECT_PORTS_STATUS_OK;
}

/* {inputs: [path]}; NULL when memory ran out. */
static bt_value *parameters(const char *path)
{
	bt_value *map = bt_value_map_create(), *inputs = NULL;
	bool good = map &&
		    bt_value_map_insert_empty_array_entry(map, "inputs", &inputs) ==
			    BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK &&
		    bt_value_array_append_string_element(inputs, path) ==
			    BT_VALUE_ARRAY_APPEND_ELEMENT_STATUS_OK;

	if (good)
		return map;
	bt_value_put_ref(map);
	return NULL;
}

static const bt_component_source *add_source(bt_graph *graph, const bt_plugin *plugin,
					     const char *path)
{
	const bt_component_class_source *class =
		bt_plugin_borrow_source_component_class_by_name_const(plugin, "fs");
	const bt_component_source *source = NULL;
	bt_value *values = parameters(path);

	if (class && values &&
	    bt_graph_add_source_component(graph, class, "trace", values, BT_LOGGING_LEVEL_NONE,
					  &source) != BT_GRAPH_ADD_COMPONENT_STATUS_OK)
		source = NULL;
	bt_value_put_ref(values);
	return source;
}

bool count_trace(const bt_plugin *plugin, const char *path, struct contents *contents)
{
	bt_graph *graph = bt_graph_create(0);
	const bt_component_source *source = graph ? add_source(graph, plugin, path) : NULL;
	uint64_t ports = source ? bt_component_source_get_output_port_count(source) : 0;
	bool good = source != NULL && ports <= PORTS_MAX;

	for (uint64_t i = 0; good && i < ports; i++)
		good = add_sink(graph, source, i, contents);
	if (good && ports)
		good = bt_graph_run(graph) == BT_GRAPH_RUN_STATUS_OK;
	bt_graph_put_ref(graph);
	bt_current_thread_clear_error();
	return good;
}
