/* SPDX-License-Identifier: MIT */
/*
 * Is this use of a Py_tss_t right? What kind of key the struct has, see tss_verdict.h, and what is
 * done with it make the finding.
 */
#include "model/atomic.h"
#include "model/tss_verdict.h"

static const char *const function_names[] = {
	[KEY_CREATE] = "PyThread_tss_create", [KEY_SET] = "PyThread_tss_set",
	[KEY_GET] = "PyThread_tss_get",	      [KEY_IS_CREATED] = "PyThread_tss_is_created",
	[KEY_DELETE] = "PyThread_tss_delete",
};

static void adopt(const struct tss *tss, const struct site *site)
{
	struct key_record *record = record_get(&registry.records, tss);
	struct site creator = *site;

	if (!record)
		return;
	if (registry.slot[tss->key].kind != SLOT_FREE)
		creator.caller = registry.slot[tss->key].creator;
	record_enter(&registry.records, record, KEY_LIVE);
	put_site(&record->created, &NOWHERE);
	record->deleted = record->freed = NOWHERE;
	registry_occupy(tss->key, SLOT_TSS, record, &creator);
	record->inherited = true;
}

static void tell_story(struct finding *finding, const struct tss *tss, const struct site *site,
		       const struct key_record *record)
{
	finding_tell(finding, ROLE_HERE, "here", site);
	if (record) {
		bool failed = record->state == KEY_FAILED;

		finding_tell(finding, ROLE_FREED, "key freed", &record->freed);
		finding_tell(finding, ROLE_DELETED, "key deleted", &record->deleted);
		finding_tell(finding, failed ? ROLE_OTHER : ROLE_CREATED,
			     failed ? "creation failed" : "key created", &record->created);
		if (!record->created.tid)
			finding_tell(finding, ROLE_OTHER, "key allocated", &record->allocated);
	}
	registry_describe_tss(finding, tss, record);
}

/* The number that the call uses tells more than the one it should have: it may be a stranger's. */
static void describe_number(struct finding_object *object, const struct tss *tss)
{
	const struct slot *slot;

	if (tss->key >= KEY_SLOTS)
		return;
	object->slot = (int32_t)tss->key;
	slot = &registry.slot[tss->key];
	if (slot->kind != SLOT_FREE && !keys_tss_live(tss))
		object->victim = slot->creator;
}

static void tell_use(struct finding *finding, const struct tss *tss, const struct site *site,
		     const struct key_record *record)
{
	tell_story(finding, tss, site, record);
	describe_number(&finding->object, tss);
}

static const char *never_created_because(const struct key_record *record)
{
	if (record && record->state == KEY_FAILED)
		return "whose creation failed";
	if (record && record->state == KEY_LIVE)
		return "whose struct was overwritten after its creation";
	return "that was never created";
}

/* Wrong whatever is done with the struct. */
static bool describe_any_use(struct finding *finding, const char *function,
			     enum tss_verdict verdict)
{
	if (verdict == TSS_FREED)
		finding_begin(finding, FINDING_TSS_USE_AFTER_FREE,
			      "%s on a key that PyThread_tss_free freed", function);
	else if (verdict == TSS_COPIED)
		finding_begin(finding, FINDING_TSS_COPIED,
			      "%s on a copy of a Py_tss_t, whose key belongs to another struct",
			      function);
	return verdict == TSS_FREED || verdict == TSS_COPIED;
}

/* A value is read or written: every state but a live one is wrong. */
static bool describe_access(struct finding *finding, enum key_use use, struct judgement judgement)
{
	const char *function = function_names[use];
	bool set = use == KEY_SET;

	if (judgement.verdict == TSS_NEVER_CREATED)
		finding_begin(finding,
			      set ? FINDING_TSS_SET_BEFORE_CREATE : FINDING_TSS_GET_BEFORE_CREATE,
			      "%s on a key %s", function, never_created_because(judgement.story));
	else if (judgement.verdict == TSS_DELETED)
		finding_begin(finding,
			      set ? FINDING_TSS_SET_AFTER_DELETE : FINDING_TSS_GET_AFTER_DELETE,
			      "%s on a key that was deleted", function);
	else
		return describe_any_use(finding, function, judgement.verdict);
	return true;
}

/* The struct is only asked or torn down: right on zeroes, wrong on anything else not live. */
static bool describe_struct_use(struct finding *finding, const char *function,
				struct judgement judgement)
{
	if (judgement.verdict == TSS_NEVER_CREATED)
		finding_begin(finding, FINDING_TSS_UNINITIALIZED,
			      "%s on a struct with garbage in it", function);
	else if (judgement.verdict == TSS_DELETED)
		finding_begin(finding, FINDING_TSS_COPIED,
			      "%s on a Py_tss_t whose key was deleted through a copy of it",
			      function);
	else
		return describe_any_use(finding, function, judgement.verdict);
	return true;
}

static bool judge_null(struct finding *finding, const char *function, const struct site *site)
{
	finding_begin(finding, FINDING_TSS_NULL_KEY, "%s on NULL", function);
	finding_tell(finding, ROLE_HERE, "here", site);
	registry_describe_tss(finding, NULL, NULL);
	return true;
}

static bool judge_use(struct finding *finding, const struct tss *tss, enum key_use use,
		      const struct site *site)
{
	const struct key_record *record = record_find(&registry.records, tss);
	struct judgement judgement;
	bool wrong;

	if (!tss->is_initialized && use != KEY_SET && use != KEY_GET)
		return false;
	judgement = tss_verdict(tss, record);
	if (judgement.verdict == TSS_STRANGER)
		adopt(tss, site);
	if (use == KEY_SET || use == KEY_GET)
		wrong = describe_access(finding, use, judgement);
	else
		wrong = describe_struct_use(finding, function_names[use], judgement);
	if (wrong)
		tell_use(finding, tss, site, judgement.story);
	return wrong;
}

void keys_judge_tss_use(const struct tss *tss, enum key_use use, const struct site *site)
{
	struct finding finding;
	bool wrong;

	registry_lock();
	wrong = tss ? judge_use(&finding, tss, use, site)
		    : judge_null(&finding, function_names[use], site);
	registry_unlock();
	if (wrong && registry_is_judged(site))
		keys_host.finding(&finding);
}

static bool judge_free(struct finding *finding, const struct tss *tss, const struct site *site,
		       bool *again)
{
	const struct key_record *record = record_find(&registry.records, tss);

	*again = record && record->state == KEY_FREED && !registry_has_missed();
	if (*again) {
		finding_begin(finding, FINDING_TSS_DOUBLE_FREE,
			      "PyThread_tss_free on a key that was freed already");
	} else {
		if (record && record->from_alloc)
			return false;
		if (!keys_host.complete || registry.records.allocation_dropped ||
		    registry_has_missed())
			return false;
		finding_begin(
			finding, FINDING_TSS_FREE_UNALLOCATED,
			"PyThread_tss_free on memory that never came from PyThread_tss_alloc");
	}
	tell_story(finding, tss, site, record);
	return true;
}

bool keys_judge_tss_free(const struct tss *tss, const struct site *site)
{
	struct finding finding;
	bool wrong, again;

	registry_lock();
	wrong = judge_free(&finding, tss, site, &again);
	registry_unlock();
	if (wrong && registry_is_judged(site))
		keys_host.finding(&finding);
	return !again;
}
