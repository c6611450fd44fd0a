/* SPDX-License-Identifier: MIT */
#include "report/kept.h"

#include "base/arena.h"
#include "report/identity.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct arena arena;

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) arena_alloc(&arena, size)
#define uthash_free(pointer, size) ((void)(pointer), (void)(size))
#include <uthash.h>

struct record {
	struct identity identity;
	struct kept kept;
	UT_hash_handle hh;
};

/* Other findings may be added between the counting and the copying. */
#define SNAPSHOT_SPARE 16

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct record *records; /* a count of 0: forgotten, until an equal one comes */
static unsigned int lost[FINDING_KIND_COUNT];

bool kept_any(void)
{
	bool any;

	pthread_mutex_lock(&lock);
	any = records != NULL;
	pthread_mutex_unlock(&lock);
	return any;
}

static void note_thread(struct kept *kept)
{
	const struct finding *finding = &kept->finding;

	if (finding_is_told_by_another(finding->kind)) {
		kept->tid = finding->stories ? finding->story[0].site.tid : 0;
		return;
	}
	kept->tid = gettid();
	if (pthread_getname_np(pthread_self(), kept->thread_name, THREAD_NAME_SIZE) != 0)
		kept->thread_name[0] = '\0';
}

static struct record *add_record(const struct identity *identity)
{
	struct record *record = arena_alloc(&arena, sizeof(*record));

	if (!record)
		return NULL;
	record->identity = *identity;
	HASH_ADD(hh, records, identity, sizeof(record->identity), record);
	return record->hh.tbl ? record : NULL;
}

static struct record *find_or_add(const struct finding *finding, const struct identity *identity)
{
	struct record *record;

	HASH_FIND(hh, records, identity, sizeof(*identity), record);
	if (record && record->kept.finding.count > 0) {
		record->kept.finding.count += finding->count;
		return record;
	}
	if (!record)
		record = add_record(identity);
	if (!record)
		return NULL;
	memset(&record->kept, 0, sizeof(record->kept));
	record->kept.finding = *finding;
	note_thread(&record->kept);
	return record;
}

struct record *kept_add(const struct finding *finding)
{
	struct identity identity;
	struct record *record;

	identity_of(finding, &identity);
	pthread_mutex_lock(&lock);
	record = find_or_add(finding, &identity);
	if (!record)
		lost[finding->kind] += finding->count;
	pthread_mutex_unlock(&lock);
	return record;
}

bool kept_told(struct record *record)
{
	bool told;

	pthread_mutex_lock(&lock);
	told = record->kept.told > 0;
	pthread_mutex_unlock(&lock);
	return told;
}

void kept_set_told(struct record *record, unsigned int count)
{
	pthread_mutex_lock(&lock);
	record->kept.told = count;
	pthread_mutex_unlock(&lock);
}

void kept_forget_state(void)
{
	pthread_mutex_lock(&lock);
	for (struct record *record = records; record; record = record->hh.next) {
		if (finding_is_state(record->kept.finding.kind))
			record->kept.finding.count = 0;
	}
	pthread_mutex_unlock(&lock);
}

unsigned int kept_lost(enum finding_kind kind)
{
	unsigned int count;

	pthread_mutex_lock(&lock);
	count = lost[kind];
	pthread_mutex_unlock(&lock);
	return count;
}

static unsigned int count_records(void)
{
	unsigned int count;

	pthread_mutex_lock(&lock);
	count = HASH_COUNT(records);
	pthread_mutex_unlock(&lock);
	return count;
}

static void copy_records(struct snapshot *snapshot, unsigned int room, const struct record *only)
{
	pthread_mutex_lock(&lock);
	for (struct record *record = records; record; record = record->hh.next) {
		if ((only && record != only) || record->kept.finding.count == 0)
			continue;
		if (snapshot->count == room)
			break;
		snapshot->entry[snapshot->count].kept = record->kept;
		snapshot->entry[snapshot->count++].record = record;
	}
	pthread_mutex_unlock(&lock);
}

bool snapshot_take(struct snapshot *snapshot, struct record *only)
{
	unsigned int room = only ? 1 : count_records() + SNAPSHOT_SPARE;

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->size = room * sizeof(*snapshot->entry);
	snapshot->entry = mmap(NULL, snapshot->size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (snapshot->entry == MAP_FAILED) {
		snapshot->entry = NULL;
		return false;
	}
	copy_records(snapshot, room, only);
	return true;
}

void snapshot_free(struct snapshot *snapshot)
{
	if (snapshot->entry)
		munmap(snapshot->entry, snapshot->size);
	memset(snapshot, 0, sizeof(*snapshot));
}

void kept_after_fork(void)
{
	/* Another thread may have been in the middle: its half-done work stays behind. */
	lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	arena = (struct arena){0};
	records = NULL;
	memset(lost, 0, sizeof(lost));
}
