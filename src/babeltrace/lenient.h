/* SPDX-License-Identifier: MIT */
/*
 * A filter for one stream: one that turns out to be damaged ends where it does, so that the others
 * can be read on; and one that has nothing for the reader is skipped.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_LENIENT_H
#define PYTHREAD_TRACE_BABELTRACE_LENIENT_H

#include "babeltrace/outcome.h"

#include <babeltrace2/babeltrace.h>

struct lenient_client {
	struct outcome *outcome;
	const char *path; /* of the trace, for warnings */
};

/* NULL without memory. */
const bt_component_class_filter *lenient_class(void);

#endif
