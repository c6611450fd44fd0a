/* SPDX-License-Identifier: MIT */
#include "report/json_stack.h"

static json_object *make_native(const struct shown_stack *stack)
{
	json_object *frames = json_new_array();

	for (unsigned int i = 0; i < stack->native_count; i++) {
		const struct shown_frame *shown = &stack->native[i];
		json_object *frame = json_new_object();

		json_set(frame, "ip", json_address(true, shown->ip));
		json_set(frame, "module", json_text(shown->module));
		json_set(frame, "offset", json_address(shown->module, shown->offset));
		json_set(frame, "function", json_text(shown->function));
		json_set(frame, "file", json_text(shown->file));
		json_set(frame, "line", json_number_or_null(shown->line));
		json_push(frames, frame);
	}
	return frames;
}

static json_object *make_python(const struct shown_stack *stack)
{
	json_object *frames = json_new_array();

	for (unsigned int i = 0; i < stack->python_count; i++) {
		const struct shown_python_frame *shown = &stack->python[i];
		json_object *frame = json_new_object();

		json_set(frame, "function", json_text(shown->function));
		json_set(frame, "file", json_text(shown->file));
		json_set(frame, "line", json_number_or_null(shown->line));
		json_push(frames, frame);
	}
	return frames;
}

json_object *json_stack(const struct shown_stack *shown)
{
	json_object *stack;

	if (!shown)
		return NULL;
	stack = json_new_object();
	json_set(stack, "role", json_text(role_name(shown->role)));
	json_set(stack, "caption", json_text(shown->caption));
	json_set(stack, "tid", json_number_or_null(shown->tid));
	json_set(stack, "thread_name", json_text(shown->thread_name));
	json_set(stack, "native", make_native(shown));
	json_set(stack, "native_absent", json_text(shown->native_absent));
	json_set(stack, "python", make_python(shown));
	json_set(stack, "python_absent", json_text(shown->python_absent));
	return stack;
}
