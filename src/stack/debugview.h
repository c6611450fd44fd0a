/* SPDX-License-Identifier: MIT */
/*
 * What a module's files say about an address: its own file and its separate debug file. One thread
 * at a time, as symbolize.h.
 */
#ifndef PYTHREAD_TRACE_STACK_DEBUGVIEW_H
#define PYTHREAD_TRACE_STACK_DEBUGVIEW_H

#include "stack/symbolize.h"

struct debugview;

/*
 * Opened at the first call for a module and kept until the process ends, with no file descriptor
 * left open. NULL when memory ran out. A file that is missing, damaged or not the one that was
 * loaded knows nothing.
 */
const struct debugview *debugview_of(const struct module *module);

/* The symbol, as the linker spells it, that the address lies in; NULL when none is known. */
const char *debugview_function(const struct debugview *view, uintptr_t address);

/* The same, and how far into it. */
const char *debugview_variable(const struct debugview *view, uintptr_t address, uintptr_t *into);

/* Fills in file and line where they are known. */
void debugview_line(const struct debugview *view, uintptr_t address, struct symbol *out);

/* From now on the module's files know nothing. */
void debugview_abandon(const struct module *module);

#endif
