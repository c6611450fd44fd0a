/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/notes.h"

#include <stdlib.h>

struct note_entry {
	uint64_t key;
	UT_hash_handle hh;
	struct object_note note;
};

/* Numbers of keys and addresses are no two things of one type. */
static uint64_t key_of(uint64_t object, const char *type)
{
	uint64_t key = object;

	for (; type && *type; type++)
		key = (key ^ (unsigned char)*type) * UINT64_C(0x100000001b3);
	return key;
}

static struct note_entry *find(const struct notes *notes, uint64_t key)
{
	struct note_entry *entry;

	TABLE_FIND(notes->table, key, entry);
	return entry;
}

void notes_add(struct notes *notes, uint64_t object, const char *type, struct object_note note)
{
	uint64_t key = key_of(object, type);
	struct note_entry *entry = find(notes, key);

	if (entry) {
		entry->note = note;
		return;
	}
	entry = shortage_note(calloc(1, sizeof(*entry)));
	if (!entry)
		return;
	entry->key = key;
	entry->note = note;
	TABLE_ADD(notes->table, entry);
	if (table_refused)
		free(entry);
}

const struct object_note *notes_find(const struct notes *notes, uint64_t object, const char *type)
{
	const struct note_entry *entry = find(notes, key_of(object, type));

	return entry ? &entry->note : NULL;
}

void notes_free(struct notes *notes)
{
	struct note_entry *entry, *next;

	TABLE_FREE(notes->table, entry, next);
}
