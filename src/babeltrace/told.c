/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/process.h"
#include "babeltrace/told_identity.h"

#include <stdlib.h>

struct told_entry {
	uint64_t key; /* a digest of what makes findings equal */
	UT_hash_handle hh;
	struct told_finding finding;
	struct told_entry *next; /* among the pending ones */
};

void told_begin(struct told *told)
{
	told->last = &told->first;
}

static void count_again(struct told_finding *known, const struct told_finding *finding)
{
	if (finding_is_state(known->kind) && known->object == finding->object &&
	    known->slot == finding->slot)
		known->count = finding->count;
	else
		known->count += finding->count;
}

static void keep(struct process *process, struct told_entry *entry)
{
	struct told *told = &process->told;
	struct told_entry *known;

	entry->key = told_identity(process, &entry->finding);
	TABLE_FIND(told->table, entry->key, known);
	if (known) {
		count_again(&known->finding, &entry->finding);
		free(entry);
		return;
	}
	TABLE_ADD(told->table, entry);
	if (table_refused) {
		free(entry);
		return;
	}
	*told->last = &entry->finding;
	told->last = &entry->finding.next;
	told->count++;
}

static struct told_entry *take_pending(struct told *told, int32_t teller)
{
	struct told_entry **at = &told->pending, *entry;

	while (*at && (*at)->finding.teller != teller)
		at = &(*at)->next;
	entry = *at;
	if (entry)
		*at = entry->next;
	return entry;
}

void told_settle(struct process *process)
{
	struct told_entry *entry;

	while ((entry = process->told.pending)) {
		process->told.pending = entry->next;
		keep(process, entry);
	}
}

static enum object_type type_by_name(const char *name)
{
	for (unsigned int type = OBJECT_NONE + 1; name && type <= OBJECT_MUTEX; type++)
		if (strcmp(object_type_name((enum object_type)type), name) == 0)
			return (enum object_type)type;
	return OBJECT_NONE;
}

static void fill(struct told_finding *finding, struct process *process, const struct thread *thread,
		 const struct seen *seen)
{
	const char *severity = seen_text(seen, F_SEVERITY);

	finding->severity = finding_severity(finding->kind, false);
	if (severity)
		severity_by_name(severity, strlen(severity), &finding->severity);
	finding->message = texts_keep(process->texts, seen->value[F_MESSAGE].text);
	finding->type = type_by_name(seen_text(seen, F_TYPE));
	finding->object = seen_number(seen, F_OBJECT);
	finding->slot = seen_has(seen, F_SLOT) ? (int32_t)seen_number(seen, F_SLOT) : NO_SLOT;
	finding->spot = process_spot(process, thread ? thread->tid : 0, seen);
	if (thread)
		memcpy(finding->thread_name, thread->name, sizeof(finding->thread_name));
}

void told_finding(struct process *process, const struct thread *thread, const struct seen *seen)
{
	struct told *told = &process->told;
	int32_t teller = (int32_t)seen_number(seen, F_VTID);
	const char *kind = seen->value[F_KIND].text;
	struct told_entry *entry = take_pending(told, teller);
	enum finding_kind number;

	if (entry)
		keep(process, entry);
	if (!finding_kind_by_name(kind, strlen(kind), &number)) {
		told->unknown++;
		return;
	}
	entry = shortage_note(calloc(1, sizeof(*entry)));
	if (!entry)
		return;
	entry->finding.id = (uint32_t)seen_number(seen, F_ID);
	entry->finding.teller = teller;
	entry->finding.kind = number;
	entry->finding.count = (unsigned int)seen_number(seen, F_COUNT);
	if (!entry->finding.count)
		entry->finding.count = 1;
	fill(&entry->finding, process, thread, seen);
	entry->next = told->pending;
	told->pending = entry;
}

static struct told_finding *find_pending(const struct told *told, uint32_t id)
{
	struct told_entry *entry = told->pending;

	while (entry && entry->finding.id != id)
		entry = entry->next;
	return entry ? &entry->finding : NULL;
}

static enum site_role role_by_name(const char *name)
{
	for (unsigned int role = 0; role < ROLE_COUNT; role++)
		if (strcmp(role_name((enum site_role)role), name) == 0)
			return (enum site_role)role;
	return ROLE_OTHER;
}

void told_story(struct process *process, const struct seen *seen)
{
	struct told_finding *finding =
		find_pending(&process->told, (uint32_t)seen_number(seen, F_FINDING));
	struct told_story *story;

	if (!finding || finding->stories == STORY_MAX)
		return;
	story = &finding->story[finding->stories++];
	story->role = role_by_name(seen->value[F_ROLE].text);
	story->caption = texts_keep(process->texts, seen_text(seen, F_CAPTION));
	story->spot = process_spot(process, (int32_t)seen_number(seen, F_TID), seen);
}

void told_free(struct told *told)
{
	struct told_entry *entry, *next;

	for (entry = told->pending; entry; entry = next) {
		next = entry->next;
		free(entry);
	}
	TABLE_FREE(told->table, entry, next);
}
