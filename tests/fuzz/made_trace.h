/* SPDX-License-Identifier: MIT */
/* A trace as babeltrace2 shows it to its components, of an input: any classes, and any values. */
#ifndef PYTHREAD_TRACE_FUZZ_MADE_TRACE_H
#define PYTHREAD_TRACE_FUZZ_MADE_TRACE_H

#include "fuzz.h"

#include <babeltrace2/babeltrace.h>

#define MADE_CLASSES_MAX 6

struct made_trace {
	bt_stream *stream;
	bool has_clock, has_packets, losses_have_times;
	unsigned int class_count;
	const bt_event_class *class[MADE_CLASSES_MAX];
};

/* A trace of one stream, whose classes the input tells. */
void made_trace_begin(struct made_trace *made, bt_self_component *self, struct input *input);
void made_trace_end(struct made_trace *made);

/* A class of anything, and a value of whatever class the field has. Depth is 0, but inside. */
bt_field_class *made_structure(bt_trace_class *trace, struct input *input, unsigned int depth);
void made_value(bt_field *field, struct input *input, unsigned int depth);

/* Values for all of the event's fields. */
void made_trace_fill(bt_event *event, struct input *input);

/* A source with a port "out", for messages of such a trace; initialised with the input. One at a
 * time. */
const bt_component_class_source *made_source(void);

#endif
