/* SPDX-License-Identifier: MIT */
#include "report_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_object *root;

/* When strict, json-c 0.18 takes all that is not ASCII for control characters (its issue 892). */
static int reading_flags(void)
{
	bool strict = json_c_version_num() != (0 << 16 | 18 << 8);

	return JSON_TOKENER_VALIDATE_UTF8 | (strict ? JSON_TOKENER_STRICT : 0);
}

void json_read(const char *text)
{
	json_tokener *tokener = json_tokener_new();

	json_tokener_set_flags(tokener, reading_flags());
	root = json_tokener_parse_ex(tokener, text, (int)strlen(text));
	if (!root)
		fail_msg("%s in %s", json_tokener_error_desc(json_tokener_get_error(tokener)),
			 text);
	json_tokener_free(tokener);
}

int json_forget(void **state)
{
	(void)state;
	json_object_put(root);
	root = NULL;
	return 0;
}

json_object *at(const char *path)
{
	json_object *value = root;
	char part[64];

	for (const char *rest = path; *rest;) {
		size_t length = strcspn(rest, ".");
		bool found = true;

		snprintf(part, sizeof(part), "%.*s", (int)length, rest);
		if (json_object_is_type(value, json_type_array)) {
			size_t index = strtoul(part, NULL, 10);

			found = index < json_object_array_length(value);
			value = json_object_array_get_idx(value, index);
		} else {
			found = json_object_object_get_ex(value, part, &value);
		}
		if (!found)
			fail_msg("there is no %s", path);
		rest += length + (rest[length] == '.');
	}
	return value;
}

void text_at(const char *path, const char *expected)
{
	json_object *value = at(path);

	if (!expected)
		assert_null(value);
	else
		assert_string_equal(json_object_get_string(value), expected);
}

void number_at(const char *path, int expected)
{
	assert_true(json_object_is_type(at(path), json_type_int));
	assert_int_equal(json_object_get_int(at(path)), expected);
}

void length_at(const char *path, size_t expected)
{
	assert_int_equal(json_object_array_length(at(path)), expected);
}
