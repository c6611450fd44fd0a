/* SPDX-License-Identifier: MIT */
/*
 * Suppressions: findings not to report. One a line, as "kind:pattern"; the kind may be "*", lines
 * that begin with # and empty ones are skipped. The pattern is a glob that may match anywhere in
 * a text, as LeakSanitizer's do; ^ and $ at its ends tie it to the text's ends. It is tried on
 * function, module and file of each frame in each stack, and on module, symbol and name of each
 * object.
 *
 * Not thread safe: the files are read once, the rest happens under the report's output lock.
 */
#ifndef PYTHREAD_TRACE_SUPPRESS_H
#define PYTHREAD_TRACE_SUPPRESS_H

#include "base/buffer.h"
#include "report/document.h"

/* False, and *error naming the file and line, when a file cannot be read or understood. */
bool suppress_read(const struct file_list *files, struct options_error *error);

/* Whether there is any rule. */
bool suppress_any(void);

/* Whether a rule matches; it then counts as used. */
bool suppress_matches(const struct shown_finding *finding);

/* A line for each rule that matched nothing yet, with its place; indented. */
void suppress_add_unused(struct buffer *out);

/* A rule for this finding, ready to be put in a file. */
void suppress_add_ready(struct buffer *out, const struct shown_finding *finding);

/* In a forked child: no rule was used yet. */
void suppress_after_fork(void);

#endif
