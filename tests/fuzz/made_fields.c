/* SPDX-License-Identifier: MIT */
#include "made_trace.h"

#include <stdlib.h>

#define DEPTH_MAX 3
#define MEMBERS_MAX 32
#define LENGTH_MAX 300 /* of an array: more than the reader takes */
#define INNER_MAX 4    /* of an array in something else */

/* Those that the reader knows, and some that are nearly so. */
static const char *const member_names[] = {
#define FIELD(identifier, name, value) name,
#include "babeltrace/fields.def"
#undef FIELD
	"_stack_length",
	"",
	"slo",
	"keys",
};

enum form {
	UNSIGNED,
	SIGNED,
	TEXT,
	ARRAY,
	SEQUENCE,
	ENUMERATION,
	SIGNED_ENUMERATION,
	BOOLEAN,
	BITS,
	REAL,
	STRUCTURE,
	FORMS
};

static uint64_t make_length(struct input *input, unsigned int depth)
{
	return input_number(input, 2) % (depth ? INNER_MAX : LENGTH_MAX);
}

/* One of integers mostly, as the reader wants them; of anything else now and then. */
static bt_field_class *make_class(bt_trace_class *trace, struct input *input, unsigned int depth)
{
	unsigned int form = input_byte(input);
	bt_field_class *item = NULL, *class = NULL;

	form = form < 128 ? form % (SEQUENCE + 1) : form % FORMS;
	if (depth == DEPTH_MAX && (form == STRUCTURE || form == ARRAY || form == SEQUENCE))
		form = UNSIGNED;
	switch ((enum form)form) {
	case UNSIGNED:
		return bt_field_class_integer_unsigned_create(trace);
	case SIGNED:
		return bt_field_class_integer_signed_create(trace);
	case TEXT:
		return bt_field_class_string_create(trace);
	case ENUMERATION:
		return bt_field_class_enumeration_unsigned_create(trace);
	case SIGNED_ENUMERATION:
		return bt_field_class_enumeration_signed_create(trace);
	case BOOLEAN:
		return bt_field_class_bool_create(trace);
	case BITS:
		return bt_field_class_bit_array_create(trace, 1 + input_byte(input) % 64);
	case REAL:
		return bt_field_class_real_double_precision_create(trace);
	case STRUCTURE:
		return made_structure(trace, input, depth + 1);
	case ARRAY:
		item = make_class(trace, input, depth + 1);
		class = bt_field_class_array_static_create(trace, item, make_length(input, depth));
		break;
	case SEQUENCE:
		item = make_class(trace, input, depth + 1);
		class = bt_field_class_array_dynamic_create(trace, item, NULL);
		break;
	case FORMS:
		break;
	}
	bt_field_class_put_ref(item);
	return class;
}

/* No name twice: babeltrace2 takes that for granted, as metadata with it is refused. */
bt_field_class *made_structure(bt_trace_class *trace, struct input *input, unsigned int depth)
{
	bt_field_class *structure = bt_field_class_structure_create(trace);
	unsigned int count = input_byte(input) % (MEMBERS_MAX + 1);
	bool used[countof(member_names)] = {false};

	REQUIRE(structure);
	for (unsigned int i = 0; i < count; i++) {
		size_t name = input_byte(input) % countof(member_names);
		bt_field_class *member;

		if (used[name])
			continue;
		used[name] = true;
		member = make_class(trace, input, depth);
		REQUIRE(member && bt_field_class_structure_append_member(
					  structure, member_names[name], member) == 0);
		bt_field_class_put_ref(member);
	}
	return structure;
}

static void set_array(bt_field *field, struct input *input, unsigned int depth);

void made_value(bt_field *field, struct input *input, unsigned int depth)
{
	bt_field_class_type type = bt_field_get_class_type(field);

	if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER)) {
		bt_field_integer_unsigned_set_value(field, input_number(input, 8));
	} else if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_SIGNED_INTEGER)) {
		bt_field_integer_signed_set_value(field, (int64_t)input_number(input, 8));
	} else if (type == BT_FIELD_CLASS_TYPE_STRING) {
		char *text = input_text(input, '\0');

		REQUIRE(bt_field_string_set_value(field, text) == 0);
		free(text);
	} else if (type == BT_FIELD_CLASS_TYPE_BOOL) {
		bt_field_bool_set_value(field, input_byte(input) & 1);
	} else if (type == BT_FIELD_CLASS_TYPE_BIT_ARRAY) {
		bt_field_bit_array_set_value_as_integer(field, input_number(input, 8));
	} else if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_REAL)) {
		bt_field_real_double_precision_set_value(field, input_byte(input));
	} else if (type == BT_FIELD_CLASS_TYPE_STRUCTURE) {
		uint64_t count = bt_field_class_structure_get_member_count(
			bt_field_borrow_class_const(field));

		for (uint64_t i = 0; i < count; i++)
			made_value(bt_field_structure_borrow_member_field_by_index(field, i), input,
				   depth + 1);
	} else {
		set_array(field, input, depth);
	}
}

static void set_array(bt_field *field, struct input *input, unsigned int depth)
{
	uint64_t count;

	if (bt_field_get_class_type(field) != BT_FIELD_CLASS_TYPE_STATIC_ARRAY)
		REQUIRE(bt_field_array_dynamic_set_length(field, make_length(input, depth)) == 0);
	count = bt_field_array_get_length(field);
	for (uint64_t i = 0; i < count; i++)
		made_value(bt_field_array_borrow_element_field_by_index(field, i), input,
			   depth + 1);
}
