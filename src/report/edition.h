/* SPDX-License-Identifier: MIT */
/*
 * A moment's findings with everything that hangs on them, ready to be written. Only under the
 * report's output lock; one document's facts are overwritten by the next one's.
 */
#ifndef PYTHREAD_TRACE_EDITION_H
#define PYTHREAD_TRACE_EDITION_H

#include "report/kept.h"
#include "report/plugin.h"
#include "report/resolve.h"

void edition_init(const struct options *options, report_facts_fn *facts);

struct edition {
	struct snapshot snapshot;
	struct resolved resolved;
	const struct report_plugin *plugin;
	bool structured; /* JSON or SARIF is wanted, and can be had */
};

struct edition_request {
	struct record *only; /* NULL: all findings */
	bool final;	     /* wait for the plug-in once more */
	bool worth_it;	     /* even a report without findings is wanted */
	int exit_status;     /* -1: not known; the process may go on */
};

/* False when memory ran out; close it in both cases. */
bool edition_open(struct edition *edition, const struct edition_request *request);
void edition_close(struct edition *edition);

#endif
