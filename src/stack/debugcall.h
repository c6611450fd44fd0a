/* SPDX-License-Identifier: MIT */
/*
 * Calls that the compiler put into their callers, read from debug information. One thread at a
 * time, as symbolize.h.
 */
#ifndef PYTHREAD_TRACE_STACK_DEBUGCALL_H
#define PYTHREAD_TRACE_STACK_DEBUGCALL_H

#include "stack/symbolize.h"

#include <elfutils/libdw.h>

/*
 * Where the PyMutex operation was called that is inlined at this address of the unit: the line of
 * the extension, not that of CPython's header. False when there is none; *out is then untouched.
 * The file's name belongs to the unit.
 */
bool debugcall_of_mutex(Dwarf_Die *unit, Dwarf_Addr address, struct symbol *out);

#endif
