/* SPDX-License-Identifier: MIT */
/*
 * What is written when: from one finding, or all of them, to text, JSON or SARIF in the output.
 * Only under the report's output lock, between guard_enter() and guard_leave().
 */
#ifndef PYTHREAD_TRACE_PUBLISH_H
#define PYTHREAD_TRACE_PUBLISH_H

#include "report/kept.h"
#include "report/report.h"

void publish_init(const struct options *options, report_facts_fn *facts);

/*
 * An error or warning at its first sight, or another time that is to be told. Returns whether it
 * counts: it is not suppressed.
 */
bool publish_record(struct record *record, const struct finding *finding);

/* The same for one that could not be kept. */
bool publish_bare(const struct finding *finding);

/* The whole report, as report_write(). worth_it: even a report without findings is wanted. */
int publish_all(int exit_status, bool worth_it);

/* In a forked child. */
void publish_after_fork(void);

#endif
