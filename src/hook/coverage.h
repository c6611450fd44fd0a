/* SPDX-License-Identifier: MIT */
/*
 * In a build for "make coverage" alone. The compiler writes its counters when a program ends by
 * exit; most programs that we look at end in other ways, and there they are written by this.
 */
#ifndef PYTHREAD_TRACE_COVERAGE_H
#define PYTHREAD_TRACE_COVERAGE_H

#include "hook/real.h"

#ifdef PT_COVERAGE

/* Writes them, before what may be the program's end. Allocates: not in a signal handler. */
void coverage_keep(void);

/* Puts functions that keep the counters in front of those that never come back. */
void coverage_watch(struct real *functions);

#else

static inline void coverage_keep(void)
{
}

static inline void coverage_watch(struct real *functions)
{
	(void)functions;
}

#endif
#endif
