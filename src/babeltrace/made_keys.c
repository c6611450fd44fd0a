/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/made_keys.h"

#include <stdlib.h>

struct key_entry {
	uint64_t key; /* its number */
	UT_hash_handle hh;
	struct key_owner *owner;
};

static struct key_owner *new_owner(const char *module)
{
	struct key_owner *owner = shortage_note(calloc(1, sizeof(*owner)));

	if (owner)
		owner->module = module;
	return owner;
}

/* Texts are kept once each, so their addresses tell them apart. */
static struct key_owner *owner_of(struct made_keys *keys, const char *module)
{
	struct key_owner **at = &keys->owners;

	for (; *at; at = &(*at)->next)
		if ((*at)->module == module)
			return *at;
	*at = new_owner(module);
	return *at;
}

static void count(struct made_keys *keys, struct key_owner *owner, uint64_t time, int change)
{
	if (!owner)
		return;
	owner->live += (unsigned int)change;
	if (owner->live > owner->peak)
		owner->peak = owner->live;
	series_count(&owner->series, &keys->clock, time, owner->live);
}

static void count_all(struct made_keys *keys, struct key_owner *owner, uint64_t time, int change)
{
	if (!keys->total)
		keys->total = new_owner(NULL);
	count(keys, owner, time, change);
	count(keys, keys->total, time, change);
	keys->live += (unsigned int)change;
	if (keys->live > keys->peak)
		keys->peak = keys->live;
}

static struct key_entry *find(struct made_keys *keys, int32_t slot)
{
	uint64_t key = (uint32_t)slot;
	struct key_entry *entry;

	TABLE_FIND(keys->table, key, entry);
	return entry;
}

void made_keys_remove(struct made_keys *keys, int32_t slot, uint64_t time)
{
	struct key_entry *entry = find(keys, slot);

	if (!entry)
		return;
	count_all(keys, entry->owner, time, -1);
	HASH_DEL(keys->table, entry);
	free(entry);
}

void made_keys_add(struct made_keys *keys, int32_t slot, const char *module, uint64_t time,
		   bool created_now)
{
	struct key_entry *entry;

	if (slot < 0)
		return;
	entry = find(keys, slot);
	if (entry && !created_now)
		return;
	if (entry) /* nobody saw it go */
		made_keys_remove(keys, slot, time);
	entry = shortage_note(calloc(1, sizeof(*entry)));
	if (!entry)
		return;
	entry->key = (uint32_t)slot;
	TABLE_ADD(keys->table, entry);
	if (table_refused) {
		free(entry);
		return;
	}
	entry->owner = owner_of(keys, module);
	if (entry->owner && created_now)
		entry->owner->created++;
	count_all(keys, entry->owner, time, 1);
}

void made_keys_free(struct made_keys *keys)
{
	struct key_entry *entry, *next;
	struct key_owner *owner;

	TABLE_FREE(keys->table, entry, next);
	while ((owner = keys->owners)) {
		keys->owners = owner->next;
		free(owner);
	}
	free(keys->total);
}
