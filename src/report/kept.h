/* SPDX-License-Identifier: MIT */
/*
 * The findings of this process, equal ones (see identity.h) kept as one with a count.
 *
 * Thread safe, by one short lock that is never held while calling out. Between guard_enter() and
 * guard_leave() only.
 */
#ifndef PYTHREAD_TRACE_KEPT_H
#define PYTHREAD_TRACE_KEPT_H

#include "model/finding.h"
#include "report/thread_name.h"

/* A finding as it was at one moment. */
struct kept {
	struct finding finding; /* count: of all that were equal */
	pid_t tid;
	char thread_name[THREAD_NAME_SIZE]; /* empty when it is not known */
	unsigned int told; /* what count was when it was last shown; 0: it never was */
};

/* Stays valid as long as the process. */
struct record;

/* NULL when memory ran out; the finding is then only counted by kept_lost(). */
struct record *kept_add(const struct finding *finding);

/* False: nothing was ever found. */
bool kept_any(void);

/* Whether the record has been shown. */
bool kept_told(struct record *record);
void kept_set_told(struct record *record, unsigned int count);

/* Forgets those that say how things stand: finding_is_state(). */
void kept_forget_state(void);

/* How many findings of this kind could not be kept. */
unsigned int kept_lost(enum finding_kind kind);

struct snapshot {
	struct snapshot_entry {
		struct kept kept;
		struct record *record;
	} * entry; /* in the order of their first sight */
	unsigned int count;
	size_t size; /* of the memory behind entry */
};

/* All findings, or only that one. False when memory ran out; free it in both cases. */
bool snapshot_take(struct snapshot *snapshot, struct record *only);
void snapshot_free(struct snapshot *snapshot);

/* In a forked child: nothing found yet. */
void kept_after_fork(void);

#endif
