/* SPDX-License-Identifier: MIT */
/* What a finding means for the exit status, and whether anybody wants to read of it. */
#ifndef PYTHREAD_TRACE_VERDICT_H
#define PYTHREAD_TRACE_VERDICT_H

#include "report/document.h"

/*
 * Whether the text report shows a finding in full. Notes only with --verbose; those that an option
 * asked for (--long-hold) always.
 */
bool verdict_shows(const struct options *options, enum finding_kind kind, enum severity severity);

/* Whether any finding is left after suppression that the text report shows in full. */
bool verdict_something_to_say(const struct options *options, const struct document *document);

/*
 * The exit status that --error-exitcode and --fail-on ask for, or -1. Findings that could not be
 * kept count too.
 */
int verdict_exit_status(const struct options *options, const struct document *document);

#endif
