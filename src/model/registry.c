/* SPDX-License-Identifier: MIT */
#include "model/registry.h"

#include "model/atomic.h"

const void *keys_owner[KEY_SLOTS];

/* Before there is a host: nobody is known, and nothing is said. */
static bool is_nobody(const void *code)
{
	(void)code;
	return false;
}

static uint32_t no_module(const void *code)
{
	(void)code;
	return 0;
}

static uint64_t no_place(const struct site *site)
{
	(void)site;
	return 0;
}

static bool read_nothing(const void *address, void *out, size_t size)
{
	(void)address, (void)out, (void)size;
	return false;
}

static void ignore(const struct finding *finding)
{
	(void)finding;
}

struct keys_host keys_host = {
	.finding = ignore,
	.is_runtime = is_nobody,
	.module = no_module,
	.place = no_place,
	.read = read_nothing,
	.complete = true,
};

struct registry registry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void registry_lock(void)
{
	pthread_mutex_lock(&lock);
}

void registry_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

bool registry_is_judged(const struct site *site)
{
	return keys_host.judge_runtime || !keys_host.is_runtime(site->caller);
}

void keys_missed(void)
{
	__atomic_store_n(&registry.missed, true, __ATOMIC_RELAXED);
}

bool registry_has_missed(void)
{
	return __atomic_load_n(&registry.missed, __ATOMIC_RELAXED);
}

static bool is_watched(const struct slot *slot)
{
	return (slot->kind == SLOT_TSS || slot->kind == SLOT_LEGACY) && !slot->runtime;
}

static const void *fast_path_owner(enum slot_kind kind, const struct key_record *record)
{
	if (kind == SLOT_LEGACY)
		return KEYS_LEGACY;
	return kind == SLOT_TSS && record ? record->address : NULL;
}

/* These, and slots, are read without the lock. */
static void set_live(unsigned int live)
{
	put(registry.live, live);
	if (live > registry.peak)
		put(registry.peak, live);
}

void registry_occupy(unsigned int number, enum slot_kind kind, struct key_record *record,
		     const struct site *site)
{
	struct slot *slot;

	if (number >= KEY_SLOTS)
		return;
	slot = &registry.slot[number];
	if (slot->kind == SLOT_FREE)
		set_live(registry.live + 1);
	if (is_watched(slot))
		put(registry.outside_runtime, registry.outside_runtime - 1);
	put(slot->runtime, keys_host.is_runtime(site->caller));
	put(slot->creator, site->caller);
	if (kind == SLOT_TSS)
		put(slot->record, record);
	if (kind == SLOT_LEGACY)
		put(slot->legacy, record);
	if (record) {
		record->slot = number;
		record->runtime = slot->runtime;
	}
	/* Last: who reads without the lock goes by it, and then finds whose slot it is. */
	__atomic_store_n(&slot->kind, kind, __ATOMIC_RELEASE);
	if (is_watched(slot))
		put(registry.outside_runtime, registry.outside_runtime + 1);
	__atomic_store_n(&keys_owner[number], fast_path_owner(kind, record), __ATOMIC_RELAXED);
}

void registry_release(unsigned int number, const struct site *site)
{
	struct slot *slot;
	struct key_record *record;

	if (number >= KEY_SLOTS || registry.slot[number].kind == SLOT_FREE)
		return;
	slot = &registry.slot[number];
	__atomic_store_n(&keys_owner[number], NULL, __ATOMIC_RELAXED);
	record = slot->kind == SLOT_TSS	     ? slot->record
		 : slot->kind == SLOT_LEGACY ? slot->legacy
					     : NULL;
	if (is_watched(slot))
		put(registry.outside_runtime, registry.outside_runtime - 1);
	put(slot->kind, SLOT_FREE);
	set_live(registry.live - 1);
	if (record && record->state == KEY_LIVE) {
		record->deleted = *site;
		record_enter(&registry.records, record, KEY_DELETED);
	}
}

void registry_detach(struct key_record *record, const struct site *site)
{
	__atomic_store_n(&keys_owner[record->slot], NULL, __ATOMIC_RELAXED);
	record->overwritten = *site;
	record->from_alloc = false;
	record_forget_address(&registry.records, record);
}

void registry_describe_tss(struct finding *finding, const void *address,
			   const struct key_record *record)
{
	struct finding_object *object = &finding->object;

	object->type = OBJECT_TSS_KEY;
	object->address = address;
	if (!record)
		return;
	object->name = record->name;
	if (record->state == KEY_LIVE || record->state == KEY_DELETED || record->state == KEY_FREED)
		object->slot = record->created.tid ? (int32_t)record->slot : NO_SLOT;
	if (record->created.tid && record->state != KEY_FAILED)
		object->creator = record->created.caller;
	else if (record->allocated.tid)
		object->creator = record->allocated.caller;
}

void registry_describe_legacy(struct finding *finding, int key, const struct key_record *record)
{
	struct finding_object *object = &finding->object;

	object->type = OBJECT_LEGACY_KEY;
	object->slot = key;
	if (record) {
		object->name = record->name;
		object->creator = record->created.caller;
	}
}

uint64_t keys_dropped(void)
{
	return registry.records.dropped;
}

void keys_before_fork(void)
{
	registry_lock();
}

void keys_after_fork(bool in_child)
{
	for (unsigned int i = 0; in_child && i < KEY_SLOTS; i++) {
		if (registry.slot[i].record)
			registry.slot[i].record->inherited = true;
		if (registry.slot[i].legacy)
			registry.slot[i].legacy->inherited = true;
	}
	registry_unlock();
}
