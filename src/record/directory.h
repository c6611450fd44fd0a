/* SPDX-License-Identifier: MIT */
/* The directory that a trace is written into. */
#ifndef PYTHREAD_TRACE_RECORD_DIRECTORY_H
#define PYTHREAD_TRACE_RECORD_DIRECTORY_H

#include "record/plan.h"

/* Makes it, or finds it empty. False after one line that says why it is no good. */
bool directory_make(struct plan *plan);

/* Whether a packet may find no room any more. */
bool directory_is_full(const struct plan *plan);

/* The room that is left on its disk, in bytes; as if endless where that is not known. */
uint64_t directory_room(const struct plan *plan);

/* Nothing was recorded: leaves it empty, or takes it away if directory_make() made it. */
void directory_undo(struct plan *plan);

#endif
