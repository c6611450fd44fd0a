/* SPDX-License-Identifier: MIT */
/* What the report asks of the hooks: the interpreter, the hooked functions, the keys' owners. */
#ifndef PYTHREAD_TRACE_FACTS_H
#define PYTHREAD_TRACE_FACTS_H

#include "report/report.h"

/* A report_facts_fn. */
void facts_collect(struct report_facts *facts, const struct report_wanted *wanted);

/*
 * The report plug-in that belongs to this library: installed beside it, or in its build tree. Once,
 * while the library wakes up; the text lives as long as the process.
 */
const char *facts_plugin_path(void);

#endif
