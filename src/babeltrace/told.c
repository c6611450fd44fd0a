/* SPDX-License-Identifier: MIT */
#include "babeltrace/table.h"

#include "babeltrace/process.h"

#include <stdlib.h>

struct told_entry {
	uint64_t key; /* its id */
	UT_hash_handle hh;
	struct told_finding finding;
};

void told_begin(struct told *told)
{
	told->last = &told->first;
}

static struct told_finding *find(const struct told *told, uint32_t id)
{
	uint64_t key = id;
	struct told_entry *entry;

	TABLE_FIND(told->table, key, entry);
	return entry ? &entry->finding : NULL;
}

static struct told_finding *add(struct told *told, uint32_t id)
{
	struct told_entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	entry->key = entry->finding.id = id;
	TABLE_ADD(told->table, entry);
	if (table_refused) {
		free(entry);
		return NULL;
	}
	*told->last = &entry->finding;
	told->last = &entry->finding.next;
	told->count++;
	return &entry->finding;
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
	uint32_t id = (uint32_t)seen_number(seen, F_ID);
	struct told_finding *finding = find(told, id);
	const char *kind = seen->value[F_KIND].text;
	enum finding_kind number;

	if (!finding) {
		if (!finding_kind_by_name(kind, strlen(kind), &number)) {
			told->unknown++;
			return;
		}
		finding = add(told, id);
		if (!finding)
			return;
		finding->kind = number;
		fill(finding, process, thread, seen);
	}
	if (seen_number(seen, F_COUNT) > finding->count)
		finding->count = (unsigned int)seen_number(seen, F_COUNT);
	if (!finding->count)
		finding->count = 1;
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
	struct told_finding *finding = find(&process->told, (uint32_t)seen_number(seen, F_FINDING));
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

	HASH_ITER (hh, told->table, entry, next) {
		HASH_DEL(told->table, entry);
		free(entry);
	}
}
