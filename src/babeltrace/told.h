/* SPDX-License-Identifier: MIT */
/*
 * The findings that a trace tells of one process. Equal ones are counted, not kept: see
 * report/identity.h for what makes them equal.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_TOLD_H
#define PYTHREAD_TRACE_BABELTRACE_TOLD_H

#include "babeltrace/piles.h"
#include "model/finding.h"

struct process;
struct thread;

struct told_story {
	enum site_role role;
	const char *caption;
	struct spot spot;
};

struct told_finding {
	uint32_t id; /* of the first one, where several are equal */
	int32_t teller;
	enum finding_kind kind;
	enum severity severity;
	const char *message;
	enum object_type type;
	uint64_t object;
	int32_t slot;
	unsigned int count;
	struct spot spot;
	char thread_name[16];
	unsigned int stories;
	struct told_story story[STORY_MAX];
	bool shown; /* by --live */
	struct told_finding *next;
};

struct told {
	struct told_entry *pending; /* the latest of each thread: its stories may still come */
	struct told_entry *table;   /* the others, by what makes them equal */
	struct told_finding *first, **last; /* in the order of the trace */
	unsigned int count;
	uint64_t unknown; /* of a kind that this version has not */
};

void told_begin(struct told *told);
void told_finding(struct process *process, const struct thread *thread, const struct seen *seen);
void told_story(struct process *process, const struct seen *seen);

/* Nobody waits for the stories of what was told last any longer: before findings are shown. */
void told_settle(struct process *process);

void told_free(struct told *told);

#endif
