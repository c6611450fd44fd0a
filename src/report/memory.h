/* SPDX-License-Identifier: MIT */
/*
 * libdw, libelf and json-c do not bear it well when memory runs out: they end the process, crash,
 * or leave out what there was no room for. So their calls of the allocator are led through here, by
 * their tables of imports, and the first that fails ends the work in which it was made.
 */
#ifndef PYTHREAD_TRACE_REPORT_MEMORY_H
#define PYTHREAD_TRACE_REPORT_MEMORY_H

#include <stdbool.h>

/*
 * False: memory ran out, and the libraries were left in the middle. What they were at work on is
 * not to be touched again; what they hold of memory is lost. One thread at a time, not recursive.
 */
bool memory_suffices(void (*work)(void *context), void *context);

#endif
