/* SPDX-License-Identifier: MIT */
/* LTTng's helper library, which the program loads beside ours. */
#ifndef PYTHREAD_TRACE_RECORD_PRELOAD_H
#define PYTHREAD_TRACE_RECORD_PRELOAD_H

#include "base/common.h"

/*
 * Puts it at the end of LD_PRELOAD, so that the trace tells what dlopen(3) does. A line where it is
 * missing; false when memory ran out, after a line.
 */
bool preload_helpers(void);

#endif
