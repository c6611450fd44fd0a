/* SPDX-License-Identifier: MIT */
/* What a finding means for the exit status, and whether anybody wants to read of it. */
#ifndef PYTHREAD_TRACE_VERDICT_H
#define PYTHREAD_TRACE_VERDICT_H

#include "report/document.h"

/* Whether the text report shows a finding of this severity in full. */
bool verdict_shows(const struct options *options, enum severity severity);

/* Whether any finding is left after suppression that the text report shows in full. */
bool verdict_something_to_say(const struct options *options, const struct document *document);

/*
 * The exit status that --error-exitcode and --fail-on ask for, or -1. Findings that could not be
 * kept count too.
 */
int verdict_exit_status(const struct options *options, const struct document *document);

#endif
