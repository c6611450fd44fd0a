/* SPDX-License-Identifier: MIT */
/*
 * Everything that was read, of all machines and processes. Its memory grows with the number of
 * objects (processes, threads, mutexes, libraries, different stacks), not with the number of
 * events.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_WORLD_H
#define PYTHREAD_TRACE_BABELTRACE_WORLD_H

#include "babeltrace/process.h"

/* One trace: what all its events have in common. */
struct origin {
	const struct machine *machine;
	unsigned int number;
	int32_t vpid;	/* of a trace of one process; 0: each event tells */
	uint64_t doubt; /* how often events were lost */
	uint64_t end;	/* of all its events */
	const struct process *recent;
	bool no_vpid, no_vtid, no_time; /* that some event lacked it */
	struct origin *next;
};

struct world {
	struct texts texts;
	struct machine_entry *machines;
	unsigned int machine_count;
	struct origin *origins;
	unsigned int origin_count;
	struct process_entry *table;   /* those that live */
	struct process *first, **last; /* all, in the order of the trace */
	unsigned int process_count;
	struct process *recent;
	uint64_t recent_key;
	uint64_t events; /* that said something */
	uint64_t own;	 /* of these, pythread-trace's */
	uint64_t other;	 /* that did not */
	uint64_t broken; /* that were not what they should be */
	uint64_t lost_events, lost_packets;
	bool lost_uncounted; /* and others, nobody knows how many */
	uint64_t begin, end; /* of all events; 0: there was none */
};

void world_begin(struct world *world);
void world_free(struct world *world);

/* host: NULL where the trace does not tell. NULL without memory. */
struct origin *world_origin(struct world *world, const char *host, int32_t vpid);

void world_see(struct world *world, struct origin *origin, const struct seen *seen);

/* Some of this trace's events are missing from here on. count: 0 for "not known". */
void world_lose_events(struct world *world, struct origin *origin, uint64_t count);
void world_lose_packets(struct world *world, struct origin *origin, uint64_t count);

/* Time goes on in this trace even where nothing happens. */
void world_pass(struct world *world, struct origin *origin, uint64_t time);

#endif
