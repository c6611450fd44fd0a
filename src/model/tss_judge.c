/* SPDX-License-Identifier: MIT */
/*
 * Is this use of a Py_tss_t right? The struct's own eight bytes, the record of its address and the
 * owner of its number are held against each other. Memory is handed out again without us knowing,
 * so where a correct program could explain what is seen, nothing is said.
 */
#include "model/registry.h"

enum verdict {
	FINE,
	STRANGER,      /* live, but made out of our sight: to be known from now on */
	NEVER_CREATED, /* includes creation that failed, and garbage */
	DELETED,
	FREED,
	COPIED, /* the number belongs to a key at another address */
};

struct judgement {
	enum verdict verdict;
	const struct key_record *story; /* of the key in question, may be NULL */
};

static const char *const function_names[] = {
	[KEY_SET] = "PyThread_tss_set",
	[KEY_GET] = "PyThread_tss_get",
	[KEY_IS_CREATED] = "PyThread_tss_is_created",
	[KEY_DELETE] = "PyThread_tss_delete",
};

/* A deleted struct keeps its number; another number means that its memory is somebody else's now.
 */
static struct judgement judge_by_record(const struct tss *tss, const struct key_record *record)
{
	if (record && record->state == KEY_FREED)
		return (struct judgement){FREED, record};
	if (record && record->state == KEY_DELETED)
		return record->slot == tss->key ? (struct judgement){DELETED, record}
						: (struct judgement){NEVER_CREATED, NULL};
	return (struct judgement){NEVER_CREATED, record};
}

static bool is_dead(const struct key_record *record)
{
	return record && (record->state == KEY_DELETED || record->state == KEY_FREED);
}

/* The struct says that it is created; its number is in range. */
static struct judgement judge_initialized(const struct tss *tss, const struct key_record *record)
{
	const struct slot *slot = &registry.slot[tss->key];

	if (is_dead(record) && record->slot == tss->key)
		return judge_by_record(tss, record);
	switch (slot->kind) {
	case SLOT_TSS:
		if (!slot->record || slot->record->address == tss)
			return (struct judgement){FINE, record};
		return (struct judgement){COPIED, slot->record};
	case SLOT_RAW:
	case SLOT_TOOL:
		return (struct judgement){STRANGER, record};
	case SLOT_LEGACY:
		return (struct judgement){NEVER_CREATED, record};
	case SLOT_FREE:
		break;
	}
	if (core_key_in_use(tss->key))
		return (struct judgement){STRANGER, record};
	if (is_dead(slot->record) && slot->record->slot == tss->key) /* a copy, its original gone */
		return (struct judgement){DELETED, slot->record};
	return judge_by_record(tss, record);
}

static struct judgement judge(const struct tss *tss, const struct key_record *record)
{
	if (tss->is_initialized == 1 && tss->key < KEY_SLOTS)
		return judge_initialized(tss, record);
	return judge_by_record(tss, record);
}

static void adopt(const struct tss *tss, const struct site *site)
{
	struct key_record *record = record_get(&registry.records, tss);
	struct site creator = *site;

	if (!record)
		return;
	if (registry.slot[tss->key].kind != SLOT_FREE)
		creator.caller = registry.slot[tss->key].creator;
	record_enter(&registry.records, record, KEY_LIVE);
	record->created = (struct site){0};
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
static bool describe_any_use(struct finding *finding, const char *function, enum verdict verdict)
{
	if (verdict == FREED)
		finding_begin(finding, FINDING_TSS_USE_AFTER_FREE,
			      "%s on a key that PyThread_tss_free freed", function);
	else if (verdict == COPIED)
		finding_begin(finding, FINDING_TSS_COPIED,
			      "%s on a copy of a Py_tss_t, whose key belongs to another struct",
			      function);
	return verdict == FREED || verdict == COPIED;
}

/* A value is read or written: every state but a live one is wrong. */
static bool describe_access(struct finding *finding, enum key_use use, struct judgement judgement)
{
	const char *function = function_names[use];
	bool set = use == KEY_SET;

	if (judgement.verdict == NEVER_CREATED)
		finding_begin(finding,
			      set ? FINDING_TSS_SET_BEFORE_CREATE : FINDING_TSS_GET_BEFORE_CREATE,
			      "%s on a key %s", function, never_created_because(judgement.story));
	else if (judgement.verdict == DELETED)
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
	if (judgement.verdict == NEVER_CREATED)
		finding_begin(finding, FINDING_TSS_UNINITIALIZED,
			      "%s on a struct with garbage in it", function);
	else if (judgement.verdict == DELETED)
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
	judgement = judge(tss, record);
	if (judgement.verdict == STRANGER)
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

static bool judge_create(struct finding *finding, const struct tss *tss, const struct site *site)
{
	struct judgement judgement;
	bool wrong;

	if (!tss->is_initialized)
		return false;
	judgement = judge(tss, record_find(&registry.records, tss));
	if (judgement.verdict == STRANGER)
		adopt(tss, site);
	wrong = describe_struct_use(finding, "PyThread_tss_create", judgement);
	if (wrong)
		tell_use(finding, tss, site, judgement.story);
	return wrong;
}

void keys_judge_tss_create(const struct tss *tss, const struct site *site)
{
	struct finding finding;
	bool wrong;

	registry_lock();
	wrong = tss ? judge_create(&finding, tss, site)
		    : judge_null(&finding, "PyThread_tss_create", site);
	registry_unlock();
	if (wrong && registry_is_judged(site))
		keys_host.finding(&finding);
}

static bool judge_free(struct finding *finding, const struct tss *tss, const struct site *site,
		       bool *again)
{
	const struct key_record *record = record_find(&registry.records, tss);

	*again = record && record->state == KEY_FREED;
	if (*again) {
		finding_begin(finding, FINDING_TSS_DOUBLE_FREE,
			      "PyThread_tss_free on a key that was freed already");
	} else {
		if (record && record->from_alloc)
			return false;
		if (!keys_host.complete || registry.records.allocation_dropped)
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
