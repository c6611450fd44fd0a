/* SPDX-License-Identifier: MIT */
#include "babeltrace/decode.h"

static void read_list(struct seen_list *list, const bt_field *array)
{
	uint64_t count = bt_field_array_get_length(array);

	if (count > LIST_MAX)
		count = LIST_MAX;
	list->count = (unsigned int)count;
	for (uint64_t i = 0; i < count; i++)
		list->item[i] = bt_field_integer_unsigned_get_value(
			bt_field_array_borrow_element_field_by_index_const(array, i));
}

static void read_value(struct seen *out, const struct layout_field *at, const bt_field *field)
{
	union seen_value *value = &out->value[at->field];

	switch (at->kind) {
	case VALUE_NUMBER:
		value->number = bt_field_integer_unsigned_get_value(field);
		break;
	case VALUE_SIGNED:
		value->number = (uint64_t)bt_field_integer_signed_get_value(field);
		break;
	case VALUE_TEXT:
		value->text = bt_field_string_get_value(field);
		break;
	case VALUE_LIST:
		read_list(&out->list, field);
		break;
	}
	out->has |= UINT64_C(1) << at->field;
}

static bool read_part(struct seen *out, const struct layout_part *part, const bt_field *structure)
{
	if (!part->count)
		return true;
	if (!structure)
		return false;
	for (unsigned int i = 0; i < part->count; i++)
		read_value(out, &part->field[i],
			   bt_field_structure_borrow_member_field_by_index_const(
				   structure, part->field[i].index));
	return true;
}

bool decode(struct seen *out, const bt_event *event, const struct layout *layout)
{
	out->kind = layout->kind;
	out->has = 0;
	out->list.count = 0;
	return read_part(out, &layout->common, bt_event_borrow_common_context_field_const(event)) &&
	       read_part(out, &layout->specific,
			 bt_event_borrow_specific_context_field_const(event)) &&
	       read_part(out, &layout->payload, bt_event_borrow_payload_field_const(event));
}
