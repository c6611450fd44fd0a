/* SPDX-License-Identifier: MIT */
/* babeltrace2's error in one line. */
#ifndef PYTHREAD_TRACE_BABELTRACE_CAUSE_H
#define PYTHREAD_TRACE_BABELTRACE_CAUSE_H

#include <stddef.h>

/*
 * What went wrong in the first place, of the calling thread's error, which is cleared. Never empty.
 */
void cause_take(char *out, size_t size);

#endif
