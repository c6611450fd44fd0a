/* SPDX-License-Identifier: MIT */
#include "model/tss_verdict.h"

/* A deleted struct keeps its number; with another one its memory is somebody else's now. */
static struct judgement judge_by_record(const struct tss *tss, const struct key_record *record)
{
	if (record && record->state == KEY_FREED)
		return (struct judgement){TSS_FREED, record};
	if (record && record->state == KEY_DELETED)
		return record->slot == tss->key ? (struct judgement){TSS_DELETED, record}
						: (struct judgement){TSS_NEVER_CREATED, NULL};
	return (struct judgement){TSS_NEVER_CREATED, record};
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
			return (struct judgement){TSS_FINE, record};
		return (struct judgement){TSS_COPIED, slot->record};
	case SLOT_RAW:
	case SLOT_TOOL:
		return (struct judgement){TSS_STRANGER, record};
	case SLOT_LEGACY:
		return (struct judgement){TSS_NEVER_CREATED, record};
	case SLOT_FREE:
		break;
	}
	if (core_key_in_use(tss->key))
		return (struct judgement){TSS_STRANGER, record};
	if (is_dead(slot->record) && slot->record->slot == tss->key) /* a copy, its original gone */
		return (struct judgement){TSS_DELETED, slot->record};
	return judge_by_record(tss, record);
}

struct judgement tss_verdict(const struct tss *tss, const struct key_record *record)
{
	struct judgement judgement;

	if (tss->is_initialized != 1 || tss->key >= KEY_SLOTS)
		return judge_by_record(tss, record);
	judgement = judge_initialized(tss, record);
	/* It is as one that was created is: what was seen of it may not be the latest. */
	if (judgement.verdict != TSS_FINE && registry_has_missed() && core_key_in_use(tss->key))
		judgement.verdict = TSS_STRANGER;
	return judgement;
}
