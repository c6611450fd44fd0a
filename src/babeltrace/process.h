/* SPDX-License-Identifier: MIT */
/*
 * What is known of one process. One that executes another program, and one whose number was given
 * to another, are two.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_PROCESS_H
#define PYTHREAD_TRACE_BABELTRACE_PROCESS_H

#include "babeltrace/images.h"
#include "babeltrace/locks.h"
#include "babeltrace/longest.h"
#include "babeltrace/made_keys.h"
#include "babeltrace/notes.h"
#include "babeltrace/texts.h"
#include "babeltrace/told.h"

#define THREAD_NAME_MAX 16

struct thread {
	int32_t tid;
	char name[THREAD_NAME_MAX]; /* "" where it is not known */
	struct lock *waits_for;	    /* NULL: for none */
	uint64_t since;
	uint64_t doubt; /* how often events had been lost then */
	struct spot waiting;
	int32_t holder; /* when it began to wait; 0: not known */
	struct spot locked;
	struct thread *next; /* newest first */
};

/* Where the trace that an event belongs to came from. */
struct machine {
	const char *name; /* NULL: the trace does not tell */
	unsigned int number;
};

struct process {
	const struct machine *machine;
	int32_t vpid; /* 0: not known */
	int32_t ppid;
	const char *name, *program, *python_version, *python_build;
	bool free_threaded, dumped;
	bool counted; /* it has had events of kinds that say no more */
	uint64_t begin, end, events;
	uint64_t *doubt;	  /* how often events of its trace were lost */
	const uint64_t *recorded; /* until when its trace goes: others may go on for days */
	int32_t listener;	  /* the tracer's thread that told what is loaded; 0: none did */
	uint64_t told_at;	  /* and its code's address; 0: not known */
	struct texts *texts;
	struct thread_entry *threads;
	struct thread *newest_thread;
	struct locks locks;
	struct longest longest;
	struct made_keys keys;
	struct told told;
	struct images images;
	struct notes notes;
	struct piles piles;
	struct python_stacks *pythons;
	struct process *parent; /* a forked child's, whose Python stacks it knows too */
	struct process *next;
};

struct process *process_create(const struct machine *machine, int32_t vpid, struct texts *texts);
void process_free(struct process *process);

/* NULL for 0 and without memory. */
struct thread *process_thread(struct process *process, int32_t tid);

/* One that has been seen; NULL where there is none. */
const struct thread *process_find_thread(const struct process *process, int32_t tid);

/* The thread (NULL: nobody knows which) does something else, or has ended. */
void process_end_wait(struct thread *thread);

/* Where an event happened: caller, stacks and thread. */
struct spot process_spot(struct process *process, int32_t tid, const struct seen *seen);

/* "frames" of a Python stack. */
void process_keep_python(struct process *process, uint32_t id, const char *frames);
const char *process_python(const struct process *process, uint32_t id);

#endif
