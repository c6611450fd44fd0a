/* SPDX-License-Identifier: MIT */
/* What happens to keys, told by whoever makes and deletes them. */
#include "base/arena.h"
#include "model/atomic.h"
#include "model/registry.h"

#include <string.h>

static struct arena names;

/* Read without the lock: the text, as soon as the pointer is. */
static void set_name(struct key_record *record, const char *name)
{
	const char *copy = name ? arena_strndup(&names, name, strlen(name)) : NULL;

	__atomic_store_n(&record->name, copy, __ATOMIC_RELEASE);
}

void keys_tss_allocated(const struct tss *tss, const struct site *site)
{
	struct key_record *record;

	registry_lock();
	record = record_find(&registry.records, tss);
	if (record && record->state == KEY_LIVE) /* its memory was given back behind our back */
		registry_detach(record, site);
	record = record_get(&registry.records, tss);
	if (record) {
		record->allocated = *site;
		put_site(&record->created, &NOWHERE);
		record->deleted = record->freed = NOWHERE;
		record->from_alloc = true;
		set_name(record, NULL);
		record_enter(&registry.records, record, KEY_ALLOCATED);
	} else {
		registry.records.allocation_dropped = true;
	}
	registry_unlock();
}

void keys_tss_created(const struct tss *tss, const struct site *site)
{
	struct key_record *record;

	registry_lock();
	record = record_get(&registry.records, tss);
	if (record && record->state == KEY_LIVE) { /* the struct was zeroed */
		registry_detach(record, site);
		record = record_get(&registry.records, tss);
	}
	if (record) {
		put_site(&record->created, site);
		record->deleted = record->freed = NOWHERE;
		record->inherited = false;
		record_enter(&registry.records, record, KEY_LIVE);
	}
	registry_occupy(tss->key, SLOT_TSS, record, site);
	registry_unlock();
}

void keys_tss_create_raced(const struct tss *tss, const struct site *site)
{
	struct finding finding;
	const struct key_record *record;

	if (!registry_is_judged(site))
		return;
	finding_begin(
		&finding, FINDING_TSS_CREATE_RACE,
		"two threads create one key at the same time; without this tool one key would "
		"be lost");
	finding_tell(&finding, ROLE_HERE, "here", site);
	registry_lock();
	record = record_find(&registry.records, tss);
	if (record)
		finding_tell(&finding, ROLE_CREATED, "key created at the same time",
			     &record->created);
	registry_describe_tss(&finding, tss, record);
	registry_unlock();
	keys_host.finding(&finding);
}

void keys_tss_deleting(const struct tss *tss, const struct site *site)
{
	if (!tss || !tss->is_initialized)
		return;
	registry_lock();
	registry_release(tss->key, site);
	registry_unlock();
}

void keys_tss_freeing(const struct tss *tss, const struct site *site)
{
	struct key_record *record;

	registry_lock();
	if (tss->is_initialized)
		registry_release(tss->key, site);
	record = record_get(&registry.records, tss);
	if (record) {
		record->freed = *site;
		record->from_alloc = false;
		record_enter(&registry.records, record, KEY_FREED);
	}
	registry_unlock();
}

static struct key_record *legacy_record(unsigned int number)
{
	struct key_record *record = registry.slot[number].legacy;

	return record ? record : record_new(&registry.records);
}

void keys_legacy_created(int key, const struct site *site)
{
	struct key_record *record;

	if (key < 0 || key >= KEY_SLOTS)
		return;
	registry_lock();
	record = legacy_record((unsigned int)key);
	if (record) {
		put_site(&record->created, site);
		record->deleted = NOWHERE;
		record->inherited = false;
		set_name(record, NULL);
		record->state = KEY_LIVE;
	}
	registry_occupy((unsigned int)key, SLOT_LEGACY, record, site);
	registry_unlock();
}

void keys_legacy_deleting(int key, const struct site *site)
{
	registry_lock();
	registry_release((unsigned int)key, site);
	registry_unlock();
}

void keys_raw_created(unsigned int key, const struct site *site, bool tool)
{
	registry_lock();
	registry_occupy(key, tool ? SLOT_TOOL : SLOT_RAW, NULL, site);
	registry_unlock();
}

void keys_raw_deleting(unsigned int key, const struct site *site)
{
	registry_lock();
	registry_release(key, site);
	registry_unlock();
}

void keys_name_tss(const struct tss *tss, const char *name)
{
	struct key_record *record;

	registry_lock();
	record = record_get(&registry.records, tss);
	if (record)
		set_name(record, name);
	registry_unlock();
}

void keys_name_legacy(int key, const char *name)
{
	registry_lock();
	if (keys_legacy_live(key) && registry.slot[key].legacy)
		set_name(registry.slot[key].legacy, name);
	registry_unlock();
}
