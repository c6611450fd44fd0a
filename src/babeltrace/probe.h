/* SPDX-License-Identifier: MIT */
/* What babeltrace2 says of traces before they are read. */
#ifndef PYTHREAD_TRACE_BABELTRACE_PROBE_H
#define PYTHREAD_TRACE_BABELTRACE_PROBE_H

#include "base/common.h"

#include <babeltrace2/babeltrace.h>

/* {"inputs": [...]}, as the component class source.ctf.fs takes it. NULL without memory. */
bt_value *probe_params(const char *const *inputs, unsigned int count);

/*
 * The name of the trace that this directory has a part of, in out; "" where it is a whole one of
 * its own. False and a line in *error when it is no trace that can be read.
 */
bool probe_group(const bt_component_class *fs, const char *path, char *out, size_t size,
		 char *error, size_t error_size);

struct probe_range {
	int64_t begin, end; /* nanoseconds; equal when not known */
};

/* Whether all parts can be opened together. */
bool probe_open(const bt_component_class_source *fs, const char *const *inputs, unsigned int count,
		char *error, size_t error_size);

/* Widens *range by theirs, if they can be opened. */
void probe_measure(const bt_component_class *fs, const char *const *inputs, unsigned int count,
		   struct probe_range *range);

#endif
