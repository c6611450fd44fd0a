/* SPDX-License-Identifier: MIT */
/*
 * A finding: one thing that a program does wrong, or leaves behind, with every place that tells
 * its story. Plain data: the model fills it in, the report shows it. It belongs to the thread that
 * made it and owns no memory; whoever keeps it copies it. All functions are thread safe.
 */
#ifndef PYTHREAD_TRACE_FINDING_H
#define PYTHREAD_TRACE_FINDING_H

#include "model/site.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_LEAK, SEVERITY_NOTE, SEVERITY_COUNT };

enum finding_kind {
#define FINDING(identifier, name, severity, strict, summary) FINDING_##identifier,
#include "model/findings.def"
#undef FINDING
	FINDING_KIND_COUNT
};

/* What happened at a place of the story: "role" of the JSON report's stacks. */
enum site_role {
	ROLE_HERE,
	ROLE_CREATED,
	ROLE_DELETED,
	ROLE_FREED,
	ROLE_LOCKED,
	ROLE_OTHER,
	ROLE_COUNT
};

enum object_type { OBJECT_NONE, OBJECT_TSS_KEY, OBJECT_LEGACY_KEY, OBJECT_MUTEX };

#define NO_SLOT (-1)

struct finding_object {
	enum object_type type;
	const void *address; /* of the Py_tss_t; NULL for a legacy key */
	int32_t slot;	     /* the pthread key's number, or NO_SLOT */
	uint32_t module;     /* of a mutex: what it lived in at its first use, by number; or 0 */
	const char *name;    /* from an annotation, or NULL; lives as long as the process */
	const void *victim; /* code that made the key which `slot` really is, if another; or NULL */
	const void *creator; /* code that made the object, NULL when nobody saw it made */
};

/* One place of the story. The caption is a constant that ends in no punctuation. */
struct story {
	enum site_role role;
	const char *caption; /* such as "key deleted" */
	struct site site;
};

#define STORY_MAX 8  /* two places for each of four threads */
#define OTHERS_MAX 3 /* a ring is reported of four mutexes at most */
#define MESSAGE_SIZE 240

struct finding {
	enum finding_kind kind;
	char message[MESSAGE_SIZE]; /* one sentence, no final full stop */
	struct finding_object object;
	unsigned int others;
	struct finding_object other[OTHERS_MAX]; /* the ring's next mutexes, in its order */
	unsigned int count; /* how many objects or events this one stands for, at least 1 */
	unsigned int stories;
	struct story story[STORY_MAX]; /* ROLE_HERE first, where there is one */
};

/* A finding of one object with no stories yet; the message is cut off where it is too long. */
void finding_begin(struct finding *finding, enum finding_kind kind, const char *message, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds a place to the story; a site that was never filled in, or one too many, is left out. */
void finding_tell(struct finding *finding, enum site_role role, const char *caption,
		  const struct site *site);

const char *severity_name(enum severity severity);
const char *role_name(enum site_role role);
const char *object_type_name(enum object_type type); /* "tss", "key", "mutex"; NULL for none */
const char *finding_name(enum finding_kind kind);
const char *finding_summary(enum finding_kind kind);
enum severity finding_severity(enum finding_kind kind, bool strict);

/*
 * Whether it says how things stand (live keys, growth, lost keys), and not what happened: it is
 * told anew each time that a report is written.
 */
bool finding_is_state(enum finding_kind kind);

/*
 * Whether it is told by whoever comes by: it belongs to the thread that brought it about, or that
 * waits, which is that of its first story.
 */
bool finding_is_told_by_another(enum finding_kind kind);

/* The place where it was found; NULL where it is of no place. */
const struct story *finding_here(const struct finding *finding);

/* The kind or severity of that name. False when there is none; *out is then untouched. */
bool finding_kind_by_name(const char *name, size_t length, enum finding_kind *out);
bool severity_by_name(const char *name, size_t length, enum severity *out);

#endif
