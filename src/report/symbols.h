/* SPDX-License-Identifier: MIT */
/*
 * Addresses looked up once: a report file that is replaced after each finding shows the same ones
 * again and again. Only under the report's output lock. Without a plug-in (NULL) only the offset
 * is known, and nothing is remembered.
 */
#ifndef PYTHREAD_TRACE_SYMBOLS_H
#define PYTHREAD_TRACE_SYMBOLS_H

#include "report/plugin.h"

/* module is a number of modules.h, 0 for none. */
struct symbol symbols_code(const struct report_plugin *plugin, uint32_t module, uintptr_t address);
struct symbol symbols_data(const struct report_plugin *plugin, uint32_t module, uintptr_t address);

/* In a forked child: another thread may have been in the middle. */
void symbols_after_fork(void);

#endif
