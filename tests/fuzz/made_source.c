/* SPDX-License-Identifier: MIT */
#include "made_trace.h"

#define MESSAGES_MAX 200

/* One at a time, as there is one input. */
static struct {
	struct input *input;
	struct made_trace trace;
	bt_packet *packet; /* that is open */
	unsigned int messages;
	bool begun, ended;
} source;

typedef bt_self_message_iterator self_iterator;

static const bt_message *make_event(self_iterator *self, struct input *input)
{
	const bt_event_class *class =
		source.trace.class[input_byte(input) % source.trace.class_count];
	bt_stream *stream = source.trace.stream;
	uint64_t time = source.trace.has_clock ? input_number(input, 8) : 0;
	bt_message *message;

	if (source.packet && source.trace.has_clock)
		message = bt_message_event_create_with_packet_and_default_clock_snapshot(
			self, class, source.packet, time);
	else if (source.packet)
		message = bt_message_event_create_with_packet(self, class, source.packet);
	else if (source.trace.has_clock)
		message = bt_message_event_create_with_default_clock_snapshot(self, class, stream,
									      time);
	else
		message = bt_message_event_create(self, class, stream);
	REQUIRE(message);
	made_trace_fill(bt_message_event_borrow_event(message), input);
	return message;
}

static const bt_message *make_packet_edge(self_iterator *self, struct input *input)
{
	uint64_t time = source.trace.has_clock ? input_number(input, 8) : 0;
	const bt_message *message;

	if (!source.packet) {
		source.packet = bt_packet_create(source.trace.stream);
		REQUIRE(source.packet);
		return source.trace.has_clock
			       ? bt_message_packet_beginning_create_with_default_clock_snapshot(
					 self, source.packet, time)
			       : bt_message_packet_beginning_create(self, source.packet);
	}
	message = source.trace.has_clock ? bt_message_packet_end_create_with_default_clock_snapshot(
						   self, source.packet, time)
					 : bt_message_packet_end_create(self, source.packet);
	bt_packet_put_ref(source.packet);
	source.packet = NULL;
	return message;
}

static const bt_message *make_loss(self_iterator *self, struct input *input)
{
	bt_stream *stream = source.trace.stream;
	uint64_t from = input_number(input, 2), count = input_number(input, 8);
	bool timed = source.trace.losses_have_times;
	bt_message *message;

	if (source.trace.has_packets && count & 1) {
		message = timed ? bt_message_discarded_packets_create_with_default_clock_snapshots(
					  self, stream, from, from + 1)
				: bt_message_discarded_packets_create(self, stream);
		if (count & 2)
			bt_message_discarded_packets_set_count(message, count);
		return message;
	}
	message = timed ? bt_message_discarded_events_create_with_default_clock_snapshots(
				  self, stream, from, from + 1)
			: bt_message_discarded_events_create(self, stream);
	if (count & 2)
		bt_message_discarded_events_set_count(message, count);
	return message;
}

static const bt_message *make_message(self_iterator *self)
{
	struct input *input = source.input;
	uint8_t what;

	if (!source.begun) {
		source.begun = true;
		return bt_message_stream_beginning_create(self, source.trace.stream);
	}
	if (!input->left || ++source.messages > MESSAGES_MAX) {
		if (source.packet)
			return make_packet_edge(self, input);
		source.ended = true;
		return bt_message_stream_end_create(self, source.trace.stream);
	}
	what = input_byte(input) % 8;
	if (source.trace.has_packets && (!source.packet || what == 0))
		return make_packet_edge(self, input);
	return what == 1 && !source.packet ? make_loss(self, input) : make_event(self, input);
}

static bt_message_iterator_class_next_method_status
next(self_iterator *self, bt_message_array_const messages, uint64_t capacity, uint64_t *count)
{
	if (source.ended)
		return BT_MESSAGE_ITERATOR_CLASS_NEXT_METHOD_STATUS_END;
	for (*count = 0; *count < capacity && !source.ended; ++*count) {
		messages[*count] = make_message(self);
		REQUIRE(messages[*count]);
	}
	return BT_MESSAGE_ITERATOR_CLASS_NEXT_METHOD_STATUS_OK;
}

static bt_component_class_initialize_method_status
initialize(bt_self_component_source *self, bt_self_component_source_configuration *configuration,
	   const bt_value *parameters, void *data)
{
	(void)configuration, (void)parameters;
	source.input = data;
	source.packet = NULL;
	source.messages = 0;
	source.begun = source.ended = false;
	made_trace_begin(&source.trace, bt_self_component_source_as_self_component(self),
			 source.input);
	REQUIRE(bt_self_component_source_add_output_port(self, "out", NULL, NULL) == 0);
	return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_OK;
}

static void finalize(bt_self_component_source *self)
{
	(void)self;
	bt_packet_put_ref(source.packet);
	made_trace_end(&source.trace);
}

const bt_component_class_source *made_source(void)
{
	static bt_component_class_source *class;
	bt_message_iterator_class *iterator;

	if (class)
		return class;
	iterator = bt_message_iterator_class_create(next);
	class = iterator ? bt_component_class_source_create("made", iterator) : NULL;
	REQUIRE(class);
	bt_message_iterator_class_put_ref(iterator);
	bt_component_class_source_set_initialize_method(class, initialize);
	bt_component_class_source_set_finalize_method(class, finalize);
	return class;
}
