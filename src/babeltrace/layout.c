/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/layout.h"

#include <stdlib.h>

struct known_layout {
	uint64_t key; /* the event class, which is kept */
	struct layout layout;
	UT_hash_handle hh;
};

#define RECENT 64 /* a power of two */

struct layouts {
	struct known_layout *all;
	const struct known_layout *recent[RECENT];
	uint64_t refused;
};

static const struct {
	const char *name;
	enum value_kind kind;
} fields[FIELD_COUNT] = {
#define FIELD(identifier, name, value) [F_##identifier] = {name, VALUE_##value},
#include "babeltrace/fields.def"
#undef FIELD
};

static const struct {
	const char *name;
	uint64_t needs;
} events[SEEN_KIND_COUNT] = {
#define SEEN(identifier, name, needs) [SEEN_##identifier] = {name, needs},
#include "babeltrace/seen.def"
#undef SEEN
};

struct layouts *layouts_create(void)
{
	return calloc(1, sizeof(struct layouts));
}

void layouts_destroy(struct layouts *layouts)
{
	struct known_layout *known, *next;

	if (!layouts)
		return;
	for (known = layouts->all; known; known = known->hh.next)
		bt_event_class_put_ref((const bt_event_class *)(uintptr_t)known->key);
	TABLE_FREE(layouts->all, known, next);
	free(layouts);
}

static bool is_own(const char *name)
{
	static const char *const providers[] = {"pythread:", "pythread_statedump:"};

	for (unsigned int i = 0; i < sizeof(providers) / sizeof(providers[0]); i++)
		if (strncmp(name, providers[i], strlen(providers[i])) == 0)
			return true;
	return false;
}

static enum seen_kind kind_of(const char *name)
{
	if (!name)
		return SEEN_OTHER;
	for (unsigned int kind = SEEN_COUNTED + 1; kind < SEEN_KIND_COUNT; kind++)
		if (strcmp(events[kind].name, name) == 0)
			return (enum seen_kind)kind;
	return is_own(name) ? SEEN_COUNTED : SEEN_OTHER;
}

bool layout_wants(const char *name)
{
	return kind_of(name) != SEEN_OTHER;
}

static bool is_integer(bt_field_class_type type)
{
	return bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_INTEGER);
}

static bool is_signed(bt_field_class_type type)
{
	return bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_SIGNED_INTEGER);
}

static bool is_list(const bt_field_class *field, bt_field_class_type type)
{
	const bt_field_class *item;

	if (!bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_ARRAY))
		return false;
	item = bt_field_class_array_borrow_element_field_class_const(field);
	return bt_field_class_type_is(bt_field_class_get_type(item),
				      BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER);
}

/* Whether the field can be read as that kind of value, and how. */
static bool can_be(const bt_field_class *field, enum value_kind *kind)
{
	bt_field_class_type type = bt_field_class_get_type(field);

	if (*kind == VALUE_TEXT)
		return bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_STRING);
	if (*kind == VALUE_LIST)
		return is_list(field, type);
	if (!is_integer(type))
		return false;
	if (is_signed(type))
		*kind = VALUE_SIGNED;
	return true;
}

static void add_member(struct layout_part *part, uint64_t index, const char *name,
		       const bt_field_class *class)
{
	for (unsigned int field = 0; field < FIELD_COUNT; field++) {
		enum value_kind kind = fields[field].kind;

		if (strcmp(fields[field].name, name) != 0)
			continue;
		if (can_be(class, &kind) && part->count < LAYOUT_MAX)
			part->field[part->count++] =
				(struct layout_field){(enum field)field, kind, index};
		return;
	}
}

static void fill(struct layout_part *part, const bt_field_class *structure)
{
	uint64_t count;

	if (!structure || bt_field_class_get_type(structure) != BT_FIELD_CLASS_TYPE_STRUCTURE)
		return;
	count = bt_field_class_structure_get_member_count(structure);
	for (uint64_t i = 0; i < count; i++) {
		const bt_field_class_structure_member *member =
			bt_field_class_structure_borrow_member_by_index_const(structure, i);

		add_member(part, i, bt_field_class_structure_member_get_name(member),
			   bt_field_class_structure_member_borrow_field_class_const(member));
	}
}

/* What is read of each event costs time: nothing that nobody asks for. */
static uint64_t wanted(enum seen_kind kind)
{
	switch (kind) {
	case SEEN_COUNTED:
		return HAS(VPID) | HAS(PID_NS);
	case SEEN_IMAGES_START:
		return UINT64_MAX;
	default:
		return ~HAS(IP);
	}
}

static void keep(struct layout_part *part, uint64_t fields_wanted)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < part->count; i++)
		if ((fields_wanted >> part->field[i].field) & 1)
			part->field[kept++] = part->field[i];
	part->count = kept;
}

static uint64_t has(const struct layout_part *part)
{
	uint64_t found = 0;

	for (unsigned int i = 0; i < part->count; i++)
		found |= UINT64_C(1) << part->field[i].field;
	return found;
}

static void examine(struct layouts *layouts, struct layout *layout, const bt_event_class *class)
{
	enum seen_kind kind = kind_of(bt_event_class_get_name(class));

	if (kind == SEEN_OTHER)
		return;
	if (kind != SEEN_COUNTED)
		fill(&layout->payload, bt_event_class_borrow_payload_field_class_const(class));
	if ((has(&layout->payload) & events[kind].needs) != events[kind].needs) {
		layouts->refused++;
		return;
	}
	fill(&layout->common, bt_stream_class_borrow_event_common_context_field_class_const(
				      bt_event_class_borrow_stream_class_const(class)));
	fill(&layout->specific, bt_event_class_borrow_specific_context_field_class_const(class));
	layout->kind = kind;
	keep(&layout->common, wanted(kind));
	keep(&layout->specific, wanted(kind));
}

static const struct known_layout *find(struct layouts *layouts, uint64_t key)
{
	struct known_layout *known;

	TABLE_FIND(layouts->all, key, known);
	if (known)
		return known;
	known = calloc(1, sizeof(*known));
	if (!known)
		return NULL;
	known->key = key;
	examine(layouts, &known->layout, (const bt_event_class *)(uintptr_t)key);
	TABLE_ADD(layouts->all, known);
	if (table_refused) {
		free(known);
		return NULL;
	}
	bt_event_class_get_ref((const bt_event_class *)(uintptr_t)key);
	return known;
}

const struct layout *layouts_get(struct layouts *layouts, const bt_event_class *event_class)
{
	uint64_t key = (uintptr_t)event_class;
	const struct known_layout **recent = &layouts->recent[(key >> 5) % RECENT];

	if (!*recent || (*recent)->key != key) {
		const struct known_layout *known = find(layouts, key);

		if (!known)
			return NULL;
		*recent = known;
	}
	return &(*recent)->layout;
}

uint64_t layouts_refused(const struct layouts *layouts)
{
	return layouts->refused;
}
