/* SPDX-License-Identifier: MIT */
/* What an interpreter and the library in it say about themselves, for doctor. */
#ifndef PYTHREAD_TRACE_ANSWER_H
#define PYTHREAD_TRACE_ANSWER_H

#include "base/common.h"

#include <json-c/json.h>

struct answer {
	struct json_object *probe;  /* what probe.py printed; never NULL */
	struct json_object *report; /* the library's; NULL when it wrote none */
	char last_error[256];	    /* the last line on standard error, or "" */
};

/*
 * Runs probe.py in this interpreter with the library in it. 0, or the exit status after one line
 * that says what went wrong. End with answer_free().
 */
int answer_get(struct answer *answer, const char *python, const char *library);

void answer_free(struct answer *answer);

/* Prints it all. Whether every function is hooked. */
bool answer_show(const struct answer *answer);

#endif
