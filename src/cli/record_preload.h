/* SPDX-License-Identifier: MIT */
/* LTTng's helper libraries, which the program loads besides ours. */
#ifndef PYTHREAD_TRACE_RECORD_PRELOAD_H
#define PYTHREAD_TRACE_RECORD_PRELOAD_H

#include "base/common.h"

/*
 * Puts those that are here at the end of LD_PRELOAD: forked children stay in the trace, and so does
 * what dlopen(3) does. A line for each that is missing; false when memory ran out, after a line.
 */
bool preload_helpers(void);

#endif
