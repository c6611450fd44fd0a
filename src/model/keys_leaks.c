/* SPDX-License-Identifier: MIT */
/* What is left behind: keys that stay live, and values in them when a thread ends. */
#include "model/atomic.h"
#include "model/registry.h"

#define GROWTH_MIN 8

/* A key that somebody other than the runtime left live. Copied out, so that no lock is held. */
struct remainder {
	enum slot_kind kind;
	struct key_record record;
};

/* Unseen: its struct is as a deletion leaves it, or nobody has the number. */
static bool is_deleted(unsigned int number, const struct key_record *record)
{
	struct tss now;

	if (!core_key_in_use(number))
		return true;
	return record->address && keys_host.read(record->address, &now, sizeof(now)) &&
	       !now.is_initialized && now.key == number;
}

static bool get_remainder(unsigned int number, struct remainder *out)
{
	const struct slot *slot = &registry.slot[number];
	const struct key_record *record;

	registry_lock();
	record = slot->kind == SLOT_TSS ? slot->record : slot->legacy;
	out->kind = slot->kind == SLOT_TSS || slot->kind == SLOT_LEGACY ? slot->kind : SLOT_FREE;
	if (!record || slot->runtime || record->inherited ||
	    (registry_has_missed() && is_deleted(number, record)))
		out->kind = SLOT_FREE;
	if (out->kind != SLOT_FREE)
		out->record = *record;
	registry_unlock();
	return out->kind != SLOT_FREE;
}

static const char *kind_name(const struct remainder *key)
{
	return key->kind == SLOT_TSS ? "PyThread_tss" : "legacy";
}

static void describe(struct finding *finding, const struct remainder *key)
{
	finding_tell(finding, ROLE_CREATED, "key created", &key->record.created);
	if (key->kind == SLOT_TSS)
		registry_describe_tss(finding, key->record.address, &key->record);
	else
		registry_describe_legacy(finding, (int)key->record.slot, &key->record);
}

static const char *lost_because(const struct remainder *key)
{
	struct tss now;

	if (key->kind != SLOT_TSS)
		return NULL;
	if (key->record.overwritten.tid)
		return "overwritten, and used for another key";
	if (!keys_host.read(key->record.address, &now, sizeof(now)))
		return "unloaded or unmapped";
	if (now.is_initialized != 1 || now.key != key->record.slot)
		return "overwritten or freed";
	return NULL;
}

static void report_lost(const struct remainder *key, const char *because)
{
	struct finding finding;

	finding_begin(&finding, FINDING_TSS_KEY_LOST,
		      "a live key's struct was %s: nobody can delete the key any more", because);
	describe(&finding, key);
	finding_tell(&finding, ROLE_OTHER, "struct used for another key", &key->record.overwritten);
	keys_host.finding(&finding);
}

static void report_growth(const struct remainder *first, unsigned int count)
{
	struct finding finding;
	bool tss = first->kind == SLOT_TSS;

	finding_begin(&finding, tss ? FINDING_TSS_KEY_GROWTH : FINDING_KEY_GROWTH,
		      "one place created %u %s keys that are all still live", count,
		      kind_name(first));
	describe(&finding, first);
	finding.count = count;
	keys_host.finding(&finding);
}

static void report_still_live(const struct remainder *key)
{
	struct finding finding;
	bool tss = key->kind == SLOT_TSS;

	finding_begin(&finding, tss ? FINDING_TSS_KEY_LIVE : FINDING_KEY_LIVE,
		      "a %s key is still live", kind_name(key));
	describe(&finding, key);
	keys_host.finding(&finding);
}

/* Zero where there is nothing to group; otherwise equal for keys of one kind from one place. */
static uint64_t place_of(unsigned int number)
{
	struct remainder key;

	if (!get_remainder(number, &key) || !key.record.created.native)
		return 0;
	return keys_host.place(&key.record.created) * 2 + (key.kind == SLOT_LEGACY);
}

static unsigned int count_equal(const uint64_t *places, unsigned int from)
{
	unsigned int count = 0;

	for (unsigned int i = from; places[from] && i < KEY_SLOTS; i++)
		count += places[i] == places[from];
	return count;
}

static bool is_first(const uint64_t *places, unsigned int number)
{
	for (unsigned int i = 0; i < number; i++) {
		if (places[i] == places[number])
			return false;
	}
	return true;
}

static unsigned int growth_at(const uint64_t *places, unsigned int number)
{
	for (unsigned int i = 0; i <= number; i++) {
		if (places[number] && places[i] == places[number])
			return count_equal(places, i);
	}
	return 0;
}

bool keys_any_live(void)
{
	return __atomic_load_n(&registry.outside_runtime, __ATOMIC_RELAXED) != 0;
}

void keys_report_live(void)
{
	uint64_t places[KEY_SLOTS];

	if (!keys_any_live())
		return;
	for (unsigned int i = 0; i < KEY_SLOTS; i++)
		places[i] = place_of(i);
	for (unsigned int i = 0; i < KEY_SLOTS; i++) {
		struct remainder key;
		const char *lost;
		unsigned int growth;

		if (!get_remainder(i, &key))
			continue;
		growth = growth_at(places, i);
		lost = lost_because(&key);
		if (lost)
			report_lost(&key, lost);
		else if (growth < GROWTH_MIN)
			report_still_live(&key);
		if (growth >= GROWTH_MIN && is_first(places, i))
			report_growth(&key, growth);
	}
}

void keys_find_left(struct keys_left *left)
{
	*left = (struct keys_left){0};
	if (!keys_any_live())
		return;
	for (unsigned int i = 0; i < KEY_SLOTS; i++) {
		if (keys_owner_of(i) && !peek(registry.slot[i].runtime) && pthread_getspecific(i))
			left->slots[i / 64] |= UINT64_C(1) << (i % 64);
	}
}

static void report_value_left(unsigned int number, const struct site *site)
{
	struct finding finding;
	struct remainder key;
	bool tss;

	if (!get_remainder(number, &key))
		return;
	tss = key.kind == SLOT_TSS;
	finding_begin(&finding, tss ? FINDING_TSS_VALUE_LEFT : FINDING_KEY_VALUE_LEFT,
		      "a thread ended with a value in a live %s key; nobody frees it",
		      kind_name(&key));
	finding_tell(&finding, ROLE_HERE, "thread ended", site);
	describe(&finding, &key);
	keys_host.finding(&finding);
}

void keys_report_left(const struct keys_left *left, const struct site *site)
{
	for (unsigned int i = 0; i < KEY_SLOTS; i++) {
		if (left->slots[i / 64] >> (i % 64) & 1)
			report_value_left(i, site);
	}
}
