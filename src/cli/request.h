/* SPDX-License-Identifier: MIT */
/* What the user asked for, by the environment and by the command line together. */
#ifndef PYTHREAD_TRACE_REQUEST_H
#define PYTHREAD_TRACE_REQUEST_H

#include "cli/arguments.h"
#include "options/options.h"

struct request {
	struct buffer text; /* for the library, without what the command line says to "record" */
	struct options options;
};

/* 0, or the exit status after one line that says what is wrong. End with request_free(). */
int request_make(struct request *request, const struct arguments *arguments);
void request_free(struct request *request);

/* The process that was asked for. False when memory ran out, after a line that says so. */
bool request_add_root(struct request *request, pid_t pid);

#endif
