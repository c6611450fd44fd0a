/* SPDX-License-Identifier: MIT */
/*
 * A trace with a stream that is cut off (a full disk, a machine that went down) cannot be opened at
 * all. Salvage makes one of what is whole in it, in a temporary directory.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_SALVAGE_H
#define PYTHREAD_TRACE_BABELTRACE_SALVAGE_H

#include "babeltrace/outcome.h"

/* Where, in a new directory: before anything is salvaged, by a process that lives on. */
void salvage_begin(void);

/* Whether there is one. */
bool salvage_is_possible(void);

/*
 * The directory of what could be saved of the trace, with a warning for each stream that was cut;
 * NULL when nothing could. Exists until salvage_end().
 */
const char *salvage(const char *trace, struct outcome *outcome);

/* Whether a stream of this trace, if it is one of LTTng-UST, is not whole. */
bool salvage_is_needed(const char *trace);

/* Removes it all, what a child process made too. */
void salvage_end(void);

#endif
