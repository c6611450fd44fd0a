/* SPDX-License-Identifier: MIT */
/*
 * The mutexes of one process: who waited, who held, how long. Right where events are missing: a
 * time counts only where both its ends were seen and nothing was lost between them.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_LOCKS_H
#define PYTHREAD_TRACE_BABELTRACE_LOCKS_H

#include "babeltrace/piles.h"

struct process;
struct thread;

struct lock {
	uint64_t address;
	uint64_t acquired, contended, owner_changes;
	uint64_t wait_total, wait_max, hold_total, hold_max; /* nanoseconds */
	bool runtime; /* the interpreter's own, as far as the trace says so */
	bool missed;  /* the end of some hold could not be seen */
	bool sure;    /* the end of the latest one can */
	bool gaps;    /* events that there must have been are not in the trace: lost, or filtered */
	bool held;    /* now, by somebody whose unlock will be seen */
	int32_t owner; /* then by whom; 0: not known */
	int32_t last_owner;
	uint64_t taken;	  /* when */
	uint64_t doubt;	  /* how often events had been lost then */
	bool since_known; /* `taken` is the real beginning of the hold */
	struct spot locked, first_use, waited_for;
	struct lock *next; /* newest first */
};

struct locks {
	struct lock_entry *table;
	struct lock *newest;
	unsigned int count;
};

/* Each takes the event's process, its thread (NULL: the trace does not tell), and the event. */
void locks_requested(struct process *process, struct thread *thread, const struct seen *seen);
void locks_acquired(struct process *process, struct thread *thread, const struct seen *seen);
void locks_unlocking(struct process *process, struct thread *thread, const struct seen *seen);
void locks_dumped(struct process *process, const struct seen *seen);

/* The one at that address, made at first sight; NULL without memory. */
struct lock *locks_get(struct locks *locks, uint64_t address);

void locks_free(struct locks *locks);

#endif
