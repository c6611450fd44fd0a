/* SPDX-License-Identifier: MIT */
#include "babeltrace/lenient.h"

#include "babeltrace/cause.h"
#include "babeltrace/layout.h"

#include <stdio.h>
#include <stdlib.h>

struct lenient {
	const struct lenient_client *client;
	bt_message_iterator *upstream;
	bool begun, ended;
};

static bt_component_class_initialize_method_status
initialize(bt_self_component_filter *self, bt_self_component_filter_configuration *configuration,
	   const bt_value *params, void *data)
{
	(void)configuration, (void)params;
	bt_self_component_set_data(bt_self_component_filter_as_self_component(self), data);
	if (bt_self_component_filter_add_input_port(self, "in", NULL, NULL) !=
		    BT_SELF_COMPONENT_ADD_PORT_STATUS_OK ||
	    bt_self_component_filter_add_output_port(self, "out", NULL, NULL) !=
		    BT_SELF_COMPONENT_ADD_PORT_STATUS_OK)
		return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_ERROR;
	return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_OK;
}

static struct lenient *lenient_of(bt_self_message_iterator *self)
{
	return bt_self_message_iterator_get_data(self);
}

static bt_message_iterator_class_initialize_method_status
begin(bt_self_message_iterator *self, bt_self_message_iterator_configuration *configuration,
      bt_self_component_port_output *port)
{
	bt_self_component *component = bt_self_message_iterator_borrow_component(self);
	/* The component is a filter's: the interface has no downward cast. */
	bt_self_component_filter *filter = (bt_self_component_filter *)component;
	struct lenient *lenient = calloc(1, sizeof(*lenient));
	char why[256];

	(void)configuration, (void)port;
	if (!lenient)
		return BT_MESSAGE_ITERATOR_CLASS_INITIALIZE_METHOD_STATUS_MEMORY_ERROR;
	lenient->client = bt_self_component_get_data(component);
	if (bt_message_iterator_create_from_message_iterator(
		    self, bt_self_component_filter_borrow_input_port_by_index(filter, 0),
		    &lenient->upstream) !=
	    BT_MESSAGE_ITERATOR_CREATE_FROM_MESSAGE_ITERATOR_STATUS_OK) {
		cause_take(why, sizeof(why));
		outcome_warn(lenient->client->outcome, "%s: a stream cannot be read: %s",
			     lenient->client->path, why);
		lenient->upstream = NULL;
		lenient->ended = true;
	}
	bt_self_message_iterator_set_data(self, lenient);
	return BT_MESSAGE_ITERATOR_CLASS_INITIALIZE_METHOD_STATUS_OK;
}

static void end(bt_self_message_iterator *self)
{
	struct lenient *lenient = lenient_of(self);

	if (lenient && lenient->upstream)
		bt_message_iterator_put_ref(lenient->upstream);
	free(lenient);
}

static bool has_wanted_event(const bt_stream_class *class)
{
	for (uint64_t i = 0; i < bt_stream_class_get_event_class_count(class); i++) {
		const char *name = bt_event_class_get_name(
			bt_stream_class_borrow_event_class_by_index_const(class, i));

		if (name && layout_wants(name))
			return true;
	}
	return false;
}

/* Streams without a clock cannot be put in order with others. */
static bool is_wanted(const bt_message *first)
{
	const bt_stream_class *class;
	const bt_clock_class *clock;

	if (bt_message_get_type(first) != BT_MESSAGE_TYPE_STREAM_BEGINNING)
		return true;
	class = bt_stream_borrow_class_const(
		bt_message_stream_beginning_borrow_stream_const(first));
	clock = bt_stream_class_borrow_default_clock_class_const(class);
	return clock && bt_clock_class_origin_is_unix_epoch(clock) && has_wanted_event(class);
}

static void put_all(bt_message_array_const messages, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		bt_message_put_ref(messages[i]);
}

static bt_message_iterator_class_next_method_status give_up(struct lenient *lenient)
{
	char why[256];

	cause_take(why, sizeof(why));
	outcome_warn(lenient->client->outcome,
		     "%s: a stream is damaged, and was read up to there only: %s",
		     lenient->client->path, why);
	lenient->ended = true;
	return BT_MESSAGE_ITERATOR_CLASS_NEXT_METHOD_STATUS_END;
}

static bt_message_iterator_class_next_method_status next(bt_self_message_iterator *self,
							 bt_message_array_const messages,
							 uint64_t capacity, uint64_t *count)
{
	struct lenient *lenient = lenient_of(self);
	bt_message_array_const got;
	bt_message_iterator_next_status status;

	if (lenient->ended)
		return BT_MESSAGE_ITERATOR_CLASS_NEXT_METHOD_STATUS_END;
	status = bt_message_iterator_next(lenient->upstream, &got, count);
	if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_ERROR)
		return give_up(lenient);
	if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK)
		return (bt_message_iterator_class_next_method_status)status;
	if (*count > capacity || (!lenient->begun && *count && !is_wanted(got[0]))) {
		put_all(got, *count);
		lenient->ended = true;
		return BT_MESSAGE_ITERATOR_CLASS_NEXT_METHOD_STATUS_END;
	}
	lenient->begun = true;
	for (uint64_t i = 0; i < *count; i++)
		messages[i] = got[i];
	return BT_MESSAGE_ITERATOR_CLASS_NEXT_METHOD_STATUS_OK;
}

const bt_component_class_filter *lenient_class(void)
{
	bt_message_iterator_class *iterator = bt_message_iterator_class_create(next);
	bt_component_class_filter *class;

	if (!iterator)
		return NULL;
	bt_message_iterator_class_set_initialize_method(iterator, begin);
	bt_message_iterator_class_set_finalize_method(iterator, end);
	class = bt_component_class_filter_create("lenient", iterator);
	bt_message_iterator_class_put_ref(iterator);
	if (class)
		bt_component_class_filter_set_initialize_method(class, initialize);
	return class;
}
