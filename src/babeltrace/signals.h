/* SPDX-License-Identifier: MIT */
/* The first Ctrl-C ends the reading and shows what was read; a second one ends the program. */
#ifndef PYTHREAD_TRACE_BABELTRACE_SIGNALS_H
#define PYTHREAD_TRACE_BABELTRACE_SIGNALS_H

#include "babeltrace/graph.h"

/* SIGINT, unless it is ignored, and SIGTERM interrupt this graph from now on; NULL: none. */
void signals_interrupt(struct graph *graph);

/* Whether one came. */
bool signals_came(void);

#endif
