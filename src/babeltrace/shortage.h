/* SPDX-License-Identifier: MIT */
/*
 * Memory for what is known of a trace. Where there is none, that part is left out, and the report
 * says so. The reading may be limited to less than there is.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_SHORTAGE_H
#define PYTHREAD_TRACE_BABELTRACE_SHORTAGE_H

#include "base/common.h"

extern bool shortage; /* some memory was refused, to anybody, since the beginning */

/* The block, which is noted as refused where it is NULL. */
static inline void *shortage_note(void *block)
{
	shortage |= !block;
	return block;
}

#endif
