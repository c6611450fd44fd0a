/* SPDX-License-Identifier: MIT */
/*
 * From findings (numbers) to a document (names). Only under the report's output lock.
 */
#ifndef PYTHREAD_TRACE_RESOLVE_H
#define PYTHREAD_TRACE_RESOLVE_H

#include "base/buffer.h"
#include "report/chosen.h"
#include "report/document.h"
#include "report/kept.h"
#include "report/plugin.h"

struct resolve_request {
	const struct report_plugin *plugin; /* NULL: bare addresses */
	const char *no_plugin;		    /* then why */
	const struct report_facts *facts;
	int exit_status;
	bool strict;	/* --leak-check */
	bool with_argv; /* read the process's arguments too */
	enum mutex_choice mutexes;
	bool with_waits;
};

struct resolved {
	struct document document;
	void *block; /* the document's arrays */
	size_t size;
	struct buffer arguments;
};

/*
 * Fills in *out from *snapshot, which must stay as long as the document; suppressions are applied.
 * False when memory ran out. End with resolve_free() in both cases.
 */
bool resolve(struct resolved *out, const struct snapshot *snapshot,
	     const struct resolve_request *request);
void resolve_free(struct resolved *resolved);

#endif
