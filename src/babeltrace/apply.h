/* SPDX-License-Identifier: MIT */
/* What an event changes in its process. */
#ifndef PYTHREAD_TRACE_BABELTRACE_APPLY_H
#define PYTHREAD_TRACE_BABELTRACE_APPLY_H

#include "babeltrace/process.h"

void apply(struct process *process, const struct seen *seen);

#endif
