/* SPDX-License-Identifier: MIT */
/* What the report asks of the hooks: the interpreter, the hooked functions, the keys' owners. */
#ifndef PYTHREAD_TRACE_FACTS_H
#define PYTHREAD_TRACE_FACTS_H

#include "report/report.h"

void facts_collect(struct report_facts *facts, const struct report_wanted *wanted);

/* keys_host.module and mutexes_host.module. */
uint32_t facts_module(const void *address);

/* The report plug-in that belongs to this library: installed beside it, or in its build tree. */
const char *facts_plugin_path(void);

#endif
