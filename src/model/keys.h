/* SPDX-License-Identifier: MIT */
/*
 * Who owns which thread key, and whether what is done with it is right.
 *
 * The model learns of every operation from its caller, keeps the story of each key (made where,
 * deleted where) and gives what is wrong to keys_host.finding, with no lock held. It never does
 * the operation itself. Thread safe by one lock of its own, which keys_tss_live() and
 * keys_legacy_live() do not take. Memory comes from an arena; when it runs out, stories are
 * dropped and counted, and a key without a story is not judged.
 */
#ifndef PYTHREAD_TRACE_KEYS_H
#define PYTHREAD_TRACE_KEYS_H

#include "core/core.h"
#include "model/finding.h"

#define KEY_SLOTS PTHREAD_KEYS_MAX

/* What the model needs of its host. */
struct keys_host {
	void (*finding)(const struct finding *finding);
	/* Whether this code belongs to the language runtime, whose keys are its business. */
	bool (*is_runtime)(const void *code);
	/* A number for the object file that holds this code, below KEY_MODULES; 0 when unknown. */
	uint32_t (*module)(const void *code);
	/* Equal for two sites that are the same place of a library. */
	uint64_t (*place)(const struct site *site);
	/* Copies memory that may not be there any more: false when it is not. */
	bool (*read)(const void *address, void *out, size_t size);
	bool judge_runtime; /* report what the runtime itself does wrong, too */
	bool complete;	    /* every operation of this process was seen, from its start on */
};

extern struct keys_host keys_host;

/* Libraries that can be told apart as owners of keys. */
#define KEY_MODULES 1024

/* The owner of each key number, for the fast path: a struct tss, KEYS_LEGACY, or NULL. */
extern const void *keys_owner[KEY_SLOTS] NOT_EXPORTED;
#define KEYS_LEGACY ((const void *)1)

/* key: below KEY_SLOTS. */
static inline const void *keys_owner_of(unsigned int key)
{
	return __atomic_load_n(&keys_owner[key], __ATOMIC_RELAXED);
}

static inline bool keys_owned_by(unsigned int key, const void *owner)
{
	return likely(key < KEY_SLOTS) && likely(keys_owner_of(key) == owner);
}

/* Whether all is well with this struct: live, and known to be this very one. */
static inline bool keys_tss_live(const struct tss *tss)
{
	return likely(tss != NULL) && keys_owned_by(tss->key, tss);
}

static inline bool keys_legacy_live(int key)
{
	return keys_owned_by((unsigned int)key, KEYS_LEGACY);
}

/* KEY_CREATE and KEY_IS_CREATED: of a Py_tss_t. KEY_DELETE_VALUE: of a legacy key. */
enum key_use { KEY_CREATE, KEY_SET, KEY_GET, KEY_IS_CREATED, KEY_DELETE, KEY_DELETE_VALUE };

/* Each is called before the operation, so that a report survives what the operation does. */
void keys_judge_tss_use(const struct tss *tss, enum key_use use, const struct site *site);
void keys_judge_legacy_use(int key, enum key_use use, const struct site *site);

/* False for a second free, which must not be carried out. */
bool keys_judge_tss_free(const struct tss *tss, const struct site *site);

/*
 * Each is called after the operation it names; the deletions right before it, while the number
 * cannot have been handed out again.
 */
void keys_tss_allocated(const struct tss *tss, const struct site *site);
void keys_tss_created(const struct tss *tss, const struct site *site); /* reports nothing */
void keys_tss_create_failed(const struct tss *tss, const struct site *site);
void keys_tss_create_raced(const struct tss *tss, const struct site *site);
void keys_tss_deleting(const struct tss *tss, const struct site *site);
void keys_tss_freeing(const struct tss *tss, const struct site *site);
void keys_legacy_created(int key, const struct site *site);
void keys_legacy_create_failed(const struct site *site);
void keys_legacy_deleting(int key, const struct site *site);

/* Whether nearly all numbers are taken: a creation's stack is then worth taking. */
bool keys_are_short(void);

/* After each creation, with no lock held: says so, once. */
void keys_check_supply(const struct site *site);

/*
 * A pthread key made by somebody who uses pthreads directly; only *site's caller need be known.
 * `tool` marks the tool's own.
 */
void keys_raw_created(unsigned int key, const struct site *site, bool tool);
void keys_raw_create_failed(const struct site *site);
void keys_raw_deleting(unsigned int key, const struct site *site);

/* Names for the reader of a report. The text is copied. */
void keys_name_tss(const struct tss *tss, const char *name);
void keys_name_legacy(int key, const char *name);

/* The keys in which the calling thread, which is about to end, has a value. */
struct keys_left {
	uint64_t slots[KEY_SLOTS / 64];
};

void keys_find_left(struct keys_left *left);
void keys_report_left(const struct keys_left *left, const struct site *site);

/*
 * A key was made or deleted unseen, by a handler of a signal or of a fork: from now on what can be
 * its work is not judged. Takes no lock.
 */
void keys_missed(void);

/* Findings about what is live now: lost, growing, live. */
void keys_report_live(void);

/* Whether any key is live that keys_report_live() would look at. */
bool keys_any_live(void);

/* For the table of owners: code of this module (keys_host.module) made a key. */
void keys_count_created(uint32_t module);

struct keys_count {
	unsigned int live, peak; /* of KEY_SLOTS, everybody's */
	unsigned int untold;	 /* of live: nobody saw them made */
	struct {
		unsigned int live, created;
	} by_module[KEY_MODULES]; /* the numbers of keys_host.module; 0: not known */
};

/* A momentary count; other threads may go on meanwhile. Takes no lock. */
void keys_count(struct keys_count *count);

enum key_owner { KEY_OWNER_TSS, KEY_OWNER_LEGACY, KEY_OWNER_RAW };

/* A live key, as it is at this moment. */
struct key_view {
	enum key_owner owner;
	const void *address; /* of the Py_tss_t; NULL where it is none, or not known */
	const char *name;    /* from an annotation, or NULL; lives as long as the process */
	const void *creator; /* code that made it; NULL: nobody saw that */
	struct site created;
};

/*
 * False when this number, below KEY_SLOTS, is no live key. Takes no lock: while the key changes
 * hands, parts of what is told may be the other owner's.
 */
bool keys_view(unsigned int number, struct key_view *view);

/* Records that memory ran out for. */
uint64_t keys_dropped(void);

/* Around fork. In the child, keys that came with the fork are the parent's to report. */
void keys_before_fork(void);
void keys_after_fork(bool in_child);

#endif
