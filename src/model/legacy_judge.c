/* SPDX-License-Identifier: MIT */
/* Is this use of a legacy key, a bare integer, right? */
#include "model/registry.h"

static const char *const function_names[] = {
	[KEY_SET] = "PyThread_set_key_value",
	[KEY_GET] = "PyThread_get_key_value",
	[KEY_DELETE] = "PyThread_delete_key",
	[KEY_DELETE_VALUE] = "PyThread_delete_key_value",
};

static const enum finding_kind before_create[] = {
	[KEY_SET] = FINDING_KEY_SET_BEFORE_CREATE,
	[KEY_GET] = FINDING_KEY_GET_BEFORE_CREATE,
	[KEY_DELETE] = FINDING_KEY_DELETE_BEFORE_CREATE,
	[KEY_DELETE_VALUE] = FINDING_KEY_SET_BEFORE_CREATE,
};

static const struct slot *slot_of(int key)
{
	return key >= 0 && key < KEY_SLOTS ? &registry.slot[key] : NULL;
}

static void describe_foreign(struct finding *finding, const char *function, int key,
			     const struct slot *slot, const struct site *site)
{
	bool tss = slot->kind == SLOT_TSS;

	finding_begin(finding, FINDING_KEY_FOREIGN, "%s on number %d, which belongs to %s",
		      function, key,
		      tss ? "a PyThread_tss key" : "a pthread key that somebody else created");
	finding_tell(finding, ROLE_HERE, "here", site);
	if (tss && slot->record)
		finding_tell(finding, ROLE_CREATED, "PyThread_tss key created",
			     &slot->record->created);
	finding->object.victim = slot->creator;
}

static bool judge_use(struct finding *finding, int key, enum key_use use, const struct site *site)
{
	const char *function = function_names[use];
	const struct slot *slot = slot_of(key);
	const struct key_record *record = slot ? slot->legacy : NULL;

	if (slot && slot->kind == SLOT_LEGACY)
		return false;
	if (slot && (slot->kind != SLOT_FREE || core_key_in_use((unsigned int)key))) {
		if (registry_has_missed() || (!keys_host.complete && slot->kind == SLOT_FREE))
			return false;
		describe_foreign(finding, function, key, slot, site);
	} else if (record) {
		bool again = use == KEY_DELETE;

		finding_begin(finding,
			      again ? FINDING_KEY_DOUBLE_DELETE : FINDING_KEY_USE_AFTER_DELETE,
			      "%s on key %d, which was deleted%s", function, key,
			      again ? " already" : "");
		finding_tell(finding, ROLE_HERE, "here", site);
	} else {
		finding_begin(finding, before_create[use],
			      "%s on number %d, which no PyThread_create_key returned", function,
			      key);
		finding_tell(finding, ROLE_HERE, "here", site);
	}
	if (record) {
		finding_tell(finding, ROLE_DELETED, "key deleted", &record->deleted);
		finding_tell(finding, ROLE_CREATED, "key created", &record->created);
	}
	registry_describe_legacy(finding, key, record);
	return true;
}

void keys_judge_legacy_use(int key, enum key_use use, const struct site *site)
{
	struct finding finding;
	bool wrong;

	registry_lock();
	wrong = judge_use(&finding, key, use, site);
	registry_unlock();
	if (wrong && registry_is_judged(site))
		keys_host.finding(&finding);
}
