/* SPDX-License-Identifier: MIT */
#include "report/json_build.h"

#include "report/utf8.h"

#include <errno.h>
#include <stdio.h>

#define ADDRESS_SIZE 32

static bool failed;

static json_object *checked(json_object *value)
{
	failed = failed || !value;
	return value;
}

void json_begin(void)
{
	failed = false;
}

void json_end(struct buffer *out, json_object *root)
{
	const char *text = NULL;
	size_t length = 0;

	/* It leaves out what it has no memory for, and does not say so: only errno tells. */
	errno = 0;
	if (!failed)
		text = json_object_to_json_string_length(
			root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
	if (text && errno != ENOMEM && errno != EFBIG) {
		buffer_add(out, text, length);
		buffer_add(out, "\n", 1);
	} else {
		out->failed = true;
	}
	json_object_put(root);
}

json_object *json_new_object(void)
{
	return checked(json_object_new_object());
}

json_object *json_new_array(void)
{
	return checked(json_object_new_array());
}

void json_set(json_object *object, const char *name, json_object *value)
{
	if (object && json_object_object_add(object, name, value) == 0)
		return;
	failed = true;
	json_object_put(value);
}

void json_push(json_object *array, json_object *value)
{
	if (array && json_object_array_add(array, value) == 0)
		return;
	failed = true;
	json_object_put(value);
}

static bool is_wellformed(const char *text)
{
	unsigned int length = 1;

	for (; *text && length; text += length)
		length = utf8_length(text);
	return length;
}

json_object *json_text(const char *text)
{
	struct buffer clean = {0};
	json_object *value;

	if (!text)
		return NULL;
	if (is_wellformed(text)) /* nearly always: no need for memory of its own */
		return checked(json_object_new_string(text));
	utf8_add_wellformed(&clean, text);
	failed = failed || clean.failed;
	value = checked(
		json_object_new_string_len(clean.data ? clean.data : "", (int)clean.length));
	buffer_free(&clean);
	return value;
}

json_object *json_number(int64_t number)
{
	return checked(json_object_new_int64(number));
}

json_object *json_number_or_null(int64_t number)
{
	return number ? json_number(number) : NULL;
}

json_object *json_flag(bool value)
{
	return checked(json_object_new_boolean(value));
}

json_object *json_address(bool known, uintptr_t address)
{
	char text[ADDRESS_SIZE];

	if (!known)
		return NULL;
	snprintf(text, sizeof(text), "0x%lx", (unsigned long)address);
	return checked(json_object_new_string(text));
}
