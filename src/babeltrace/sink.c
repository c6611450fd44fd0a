/* SPDX-License-Identifier: MIT */
#include "babeltrace/sink.h"

#include "babeltrace/settings.h"

#include <stdio.h>
#include <stdlib.h>

struct sink {
	struct sink_client own, *client; /* the program's, or its own */
	struct settings settings;
	const bt_value *params; /* kept for their texts */
	bt_message_iterator *iterator;
	bool written;
};

static struct sink *sink_of(bt_self_component_sink *self)
{
	return bt_self_component_get_data(bt_self_component_sink_as_self_component(self));
}

#define FAIL(self, ...)                                                                            \
	BT_CURRENT_THREAD_ERROR_APPEND_CAUSE_FROM_COMPONENT(                                       \
		bt_self_component_sink_as_self_component(self), __VA_ARGS__)

static bool prepare(struct sink *sink, bt_self_component_sink *self, const bt_value *params)
{
	char error[512] = "";

	settings_default(&sink->settings);
	sink->own.stop = UINT64_MAX;
	sink->client = &sink->own;
	sink->params = params;
	bt_value_get_ref(params);
	if (!reader_begin(&sink->own.reader)) {
		FAIL(self, "out of memory");
		return false;
	}
	if (!settings_read(&sink->settings, params, error, sizeof(error))) {
		FAIL(self, "%s", error);
		return false;
	}
	return true;
}

static void destroy(struct sink *sink)
{
	if (sink->iterator)
		bt_message_iterator_put_ref(sink->iterator);
	if (sink->client == &sink->own)
		reader_free(&sink->own.reader);
	if (sink->params)
		bt_value_put_ref(sink->params);
	free(sink);
}

bt_component_class_initialize_method_status
sink_initialize(bt_self_component_sink *self, bt_self_component_sink_configuration *configuration,
		const bt_value *params, void *data)
{
	struct sink *sink = calloc(1, sizeof(*sink));

	(void)configuration;
	if (!sink)
		return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_MEMORY_ERROR;
	sink->client = data;
	if ((!data && !prepare(sink, self, params)) ||
	    bt_self_component_sink_add_input_port(self, "in", NULL, NULL) !=
		    BT_SELF_COMPONENT_ADD_PORT_STATUS_OK) {
		destroy(sink);
		return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_ERROR;
	}
	bt_self_component_set_data(bt_self_component_sink_as_self_component(self), sink);
	return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_OK;
}

bt_component_class_sink_graph_is_configured_method_status
sink_configured(bt_self_component_sink *self)
{
	struct sink *sink = sink_of(self);

	return (bt_component_class_sink_graph_is_configured_method_status)
		bt_message_iterator_create_from_sink_component(
			self, bt_self_component_sink_borrow_input_port_by_index(self, 0),
			&sink->iterator);
}

static bool write_report(struct sink *sink, char *error, size_t size)
{
	struct reader *reader = &sink->own.reader;
	struct outcome outcome = {0};
	struct buffer text = {0};
	bool good;

	if (sink->written || sink->client != &sink->own)
		return true;
	sink->written = true;
	print_world(&text, &reader->world, &outcome, &sink->settings.print,
		    layouts_refused(reader->layouts));
	if (text.failed)
		snprintf(error, size, "out of memory");
	good = !text.failed && settings_write(&sink->settings, &text, error, size);
	outcome_free(&outcome);
	buffer_free(&text);
	return good;
}

static bt_component_class_sink_consume_method_status finish(struct sink *sink,
							    bt_self_component_sink *self)
{
	char error[512];

	if (write_report(sink, error, sizeof(error)))
		return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_END;
	FAIL(self, "%s", error);
	return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_ERROR;
}

static void take(struct sink_client *client, const bt_message *message)
{
	if (client->taken && ++*client->taken > client->stop)
		return;
	if (!client->no_memory && !reader_take(&client->reader, message))
		client->no_memory = true;
}

static void take_all(struct sink_client *client, bt_message_array_const messages, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		take(client, messages[i]);
		bt_message_put_ref(messages[i]);
	}
}

bt_component_class_sink_consume_method_status sink_consume(bt_self_component_sink *self)
{
	struct sink *sink = sink_of(self);
	struct sink_client *client = sink->client;
	bt_message_array_const messages;
	uint64_t count;
	bt_message_iterator_next_status status;

	if (client->progress)
		client->progress(client);
	if (client->taken && *client->taken >= client->stop)
		return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_END;
	status = bt_message_iterator_next(sink->iterator, &messages, &count);
	if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_END)
		return finish(sink, self);
	if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK)
		return (bt_component_class_sink_consume_method_status)status;
	take_all(client, messages, count);
	if (!client->no_memory)
		return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_OK;
	FAIL(self, "out of memory");
	return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_MEMORY_ERROR;
}

/* A graph that ended by an error, or was interrupted, has read something all the same. */
void sink_finalize(bt_self_component_sink *self)
{
	struct sink *sink = sink_of(self);
	char error[512];

	if (sink->client == &sink->own && sink->own.reader.world.events)
		write_report(sink, error, sizeof(error));
	destroy(sink);
}
