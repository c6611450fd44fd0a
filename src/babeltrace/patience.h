/* SPDX-License-Identifier: MIT */
/*
 * Ends the process (SIGXCPU) when it computes for long and reads nothing: damaged metadata can
 * keep babeltrace2 busy for ever.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_PATIENCE_H
#define PYTHREAD_TRACE_BABELTRACE_PATIENCE_H

#include <stdint.h>

/* taken: a count that grows as long as something is read. Once, until patience_end(). */
void patience_begin(const uint64_t *taken);
void patience_end(void);

#endif
