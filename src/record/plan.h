/* SPDX-License-Identifier: MIT */
/* What "record" is to do, checked as far as that can be done before anything is started. */
#ifndef PYTHREAD_TRACE_RECORD_PLAN_H
#define PYTHREAD_TRACE_RECORD_PLAN_H

#include "options/options.h"
#include "record/url.h"

#define RECORD_NAME_SIZE 160

struct plan {
	const struct options *options;
	bool to_relay;		     /* of somebody else, at `url`; else into `directory` */
	struct relay_url relay;	     /* of a relay daemon of our own too, once it runs */
	const char *wish;	     /* the directory that was asked for; NULL: one with our name */
	const char *events;	     /* names with commas between them */
	char name[RECORD_NAME_SIZE]; /* pythread-trace-PROGRAM-PID */
	char *directory;	     /* absolute; NULL: the trace goes elsewhere */
	bool directory_made;
};

/* False after one line that says which options are wrong. */
bool plan_make(struct plan *plan, const struct options *options);

/* The name that everything gets. */
void plan_name(struct plan *plan, const char *program, pid_t pid);

/* A relay daemon of our own: the only way to a live trace that nobody else serves. */
bool plan_wants_relay(const struct plan *plan);

#endif
