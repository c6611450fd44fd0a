/* SPDX-License-Identifier: MIT */
/* The recording session. Every line about what goes wrong is printed here. */
#ifndef PYTHREAD_TRACE_RECORD_SESSION_H
#define PYTHREAD_TRACE_RECORD_SESSION_H

#include "record/plan.h"

#define SESSION_LIVE_INTERVAL_US 1000000 /* how old what is watched can be */

struct lttng_handle;

struct session {
	char name[RECORD_NAME_SIZE];
	struct lttng_handle *handle;
	bool late; /* LTTng writes metadata when a process ends, and not before */
};

/* What was lost, as known in the end. */
struct losses {
	bool known;
	uint64_t events;  /* that found no room in the buffers */
	uint64_t packets; /* full of events, that were overwritten */
	bool disk_full;	  /* so there is no telling what arrived */
};

enum session_result {
	SESSION_OPEN,
	SESSION_ORPHANED, /* the daemon has ended just now: nothing was said, try with another */
	SESSION_FAILED,
};

/* Whether LTTng finds where it has its buffers: to be asked before anything is started. */
bool session_has_memory(void);

/* One under the plan's name, or one like it, which is then session->name. */
enum session_result session_create(struct session *session, const struct plan *plan);

/* Lets it record. Where that fails it is ended. */
enum session_result session_open(struct session *session, const struct plan *plan);

/* Stops and ends it, after its last snapshot, and waits for the data to be where it goes. */
void session_close(struct session *session, const struct plan *plan, struct losses *losses);

/* Likewise, in another process, without a word and without a last snapshot. */
void session_end(const char *name, const struct plan *plan);

/* Frees what this process has of it, where another one closes it. */
void session_forget(struct session *session);

/* Nothing has been recorded. */
void session_cancel(struct session *session, const struct plan *plan);

#endif
