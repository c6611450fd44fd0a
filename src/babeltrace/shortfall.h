/* SPDX-License-Identifier: MIT */
/* What a trace's own index says there was, and is not there: babeltrace2 does not miss it. */
#ifndef PYTHREAD_TRACE_BABELTRACE_SHORTFALL_H
#define PYTHREAD_TRACE_BABELTRACE_SHORTFALL_H

#include "babeltrace/outcome.h"

/* A warning for each stream of the trace that ends before its index does, or is gone. */
void shortfall_warn(const char *trace, struct outcome *outcome);

#endif
