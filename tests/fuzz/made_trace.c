/* SPDX-License-Identifier: MIT */
#include "made_trace.h"

#include <stdlib.h>

/* Those that the reader knows, and some that are nearly so. */
static const char *const event_names[] = {
#define SEEN(identifier, name, needs) name,
#include "babeltrace/seen.def"
#undef SEEN
	"pythread:", "pythread:tss_creat", "pythread:mutex_lock_acq2", "sched_switch", "",
};
void made_trace_fill(bt_event *event, struct input *input)
{
	bt_field *const parts[] = {bt_event_borrow_common_context_field(event),
				   bt_event_borrow_specific_context_field(event),
				   bt_event_borrow_payload_field(event)};

	for (size_t i = 0; i < countof(parts); i++)
		if (parts[i])
			made_value(parts[i], input, 0);
}

static void add_clock(bt_stream_class *stream, bt_self_component *self, struct input *input)
{
	bt_clock_class *clock = bt_clock_class_create(self);
	uint64_t frequency = input_number(input, 4);

	REQUIRE(clock);
	bt_clock_class_set_frequency(clock, frequency ? frequency : 1000000000);
	bt_clock_class_set_offset(clock, (int64_t)input_number(input, 8), 0);
	REQUIRE(bt_stream_class_set_default_clock_class(stream, clock) == 0);
	bt_clock_class_put_ref(clock);
}

static void add_event_class(struct made_trace *made, bt_trace_class *trace, bt_stream_class *stream,
			    struct input *input)
{
	bt_event_class *class = bt_event_class_create(stream);
	uint8_t name = input_byte(input), parts = input_byte(input);
	bt_field_class *part;

	REQUIRE(class);
	if (name != UINT8_MAX)
		bt_event_class_set_name(class, event_names[name % countof(event_names)]);
	if (parts & 1) {
		part = made_structure(trace, input, 0);
		REQUIRE(bt_event_class_set_specific_context_field_class(class, part) == 0);
		bt_field_class_put_ref(part);
	}
	if (!(parts & 2)) {
		part = made_structure(trace, input, 0);
		REQUIRE(bt_event_class_set_payload_field_class(class, part) == 0);
		bt_field_class_put_ref(part);
	}
	made->class[made->class_count++] = class;
}

static void add_environment(bt_trace *trace, struct input *input)
{
	uint8_t what = input_byte(input);
	char *host;

	if (what & 1)
		bt_trace_set_environment_entry_integer(trace, "vpid",
						       (int64_t)input_number(input, 8));
	if (what & 2)
		bt_trace_set_environment_entry_integer(trace, "hostname", 1);
	if ((what & 6) == 4) {
		host = input_text(input, '\0');
		bt_trace_set_environment_entry_string(trace, "hostname", host);
		free(host);
	}
}

void made_trace_begin(struct made_trace *made, bt_self_component *self, struct input *input)
{
	bt_trace_class *classes = bt_trace_class_create(self);
	bt_stream_class *class = bt_stream_class_create(classes);
	bt_trace *trace = bt_trace_create(classes);
	uint8_t form = input_byte(input);
	bt_field_class *context;

	REQUIRE(classes && class && trace);
	*made = (struct made_trace){.has_clock = form & 1, .has_packets = form & 2};
	if (made->has_clock)
		add_clock(class, self, input);
	bt_stream_class_set_supports_packets(class, made->has_packets,
					     made->has_packets && made->has_clock,
					     made->has_packets && made->has_clock);
	made->losses_have_times = made->has_clock && form & 4;
	bt_stream_class_set_supports_discarded_events(class, true, made->losses_have_times);
	if (made->has_packets)
		bt_stream_class_set_supports_discarded_packets(class, true,
							       made->losses_have_times);
	if (form & 8) {
		context = made_structure(classes, input, 0);
		REQUIRE(bt_stream_class_set_event_common_context_field_class(class, context) == 0);
		bt_field_class_put_ref(context);
	}
	for (unsigned int count = 1 + input_byte(input) % MADE_CLASSES_MAX; count; count--)
		add_event_class(made, classes, class, input);
	add_environment(trace, input);
	made->stream = bt_stream_create(class, trace);
	REQUIRE(made->stream);
	bt_trace_put_ref(trace);
	bt_stream_class_put_ref(class);
	bt_trace_class_put_ref(classes);
}

void made_trace_end(struct made_trace *made)
{
	while (made->class_count)
		bt_event_class_put_ref(made->class[--made->class_count]);
	bt_stream_put_ref(made->stream);
}
