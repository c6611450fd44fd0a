/* SPDX-License-Identifier: MIT */
#include "report/sarif_location.h"

#include <string.h>

json_object *sarif_message(const char *text)
{
	json_object *message = json_new_object();

	json_set(message, "text", json_text(text));
	return message;
}

const char *sarif_caption(const struct shown_stack *stack)
{
	return stack->caption ? stack->caption : role_name(stack->role);
}

/* RFC 3986: what may stand in a path as it is. */
static bool is_plain(char character)
{
	return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
	       (character >= '0' && character <= '9') ||
	       (character && strchr("-._~/!$&'()*+,;=@", character));
}

static json_object *make_uri(const char *file)
{
	struct buffer uri = {0};
	json_object *value;

	buffer_printf(&uri, "%s", file[0] == '/' ? "file://" : "");
	for (; *file; file++) {
		if (is_plain(*file))
			buffer_add(&uri, file, 1);
		else
			buffer_printf(&uri, "%%%02X", (unsigned char)*file);
	}
	value = json_text(uri.data ? uri.data : "");
	buffer_free(&uri);
	return value;
}

static json_object *physical_location(const char *file, unsigned int line)
{
	json_object *physical = json_new_object(), *artifact = json_new_object(), *region;

	json_set(artifact, "uri", make_uri(file));
	json_set(physical, "artifactLocation", artifact);
	if (line) {
		region = json_new_object();
		json_set(region, "startLine", json_number(line));
		json_set(physical, "region", region);
	}
	return physical;
}

static json_object *make_location(const char *function, const char *file, unsigned int line)
{
	json_object *location = json_new_object(), *array, *logical;

	if (file)
		json_set(location, "physicalLocation", physical_location(file, line));
	if (function) {
		logical = json_new_object();
		json_set(logical, "name", json_text(function));
		json_set(logical, "kind", json_text("function"));
		array = json_new_array();
		json_push(array, logical);
		json_set(location, "logicalLocations", array);
	}
	return location;
}

json_object *sarif_location(const struct shown_stack *stack)
{
	for (unsigned int i = 0; i < stack->native_count; i++) {
		const struct shown_frame *frame = &stack->native[i];

		if (frame->file)
			return make_location(frame->function, frame->file, frame->line);
	}
	for (unsigned int i = 0; i < stack->python_count; i++) {
		const struct shown_python_frame *frame = &stack->python[i];

		if (frame->file)
			return make_location(frame->function, frame->file,
					     frame->line > 0 ? (unsigned int)frame->line : 0);
	}
	return NULL;
}

static json_object *native_frame(const struct shown_frame *shown)
{
	json_object *frame = json_new_object();

	json_set(frame, "location", make_location(shown->function, shown->file, shown->line));
	if (shown->module)
		json_set(frame, "module", json_text(shown->module));
	return frame;
}

static json_object *python_frame(const struct shown_python_frame *shown)
{
	json_object *frame = json_new_object();
	unsigned int line = shown->line > 0 ? (unsigned int)shown->line : 0;

	json_set(frame, "location", make_location(shown->function, shown->file, line));
	return frame;
}

json_object *sarif_stack(const struct shown_stack *stack)
{
	json_object *result = json_new_object(), *frames = json_new_array();

	for (unsigned int i = 0; i < stack->native_count; i++)
		json_push(frames, native_frame(&stack->native[i]));
	for (unsigned int i = 0; i < stack->python_count; i++)
		json_push(frames, python_frame(&stack->python[i]));
	json_set(result, "message", sarif_message(sarif_caption(stack)));
	json_set(result, "frames", frames);
	return result;
}
