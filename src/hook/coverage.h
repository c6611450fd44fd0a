/* SPDX-License-Identifier: MIT */
/*
 * In a build for "make coverage" alone: the compiler's counters are written when a program ends by
 * exit. Here they are, too, where it ends otherwise, as most of those we look at do.
 */
#ifndef PYTHREAD_TRACE_COVERAGE_H
#define PYTHREAD_TRACE_COVERAGE_H

#include "hook/real.h"

#ifdef PT_COVERAGE

/* Before what may be the program's last deed. Not in a signal handler: it allocates. */
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
