/* SPDX-License-Identifier: MIT */
/*
 * Time for durations. A tick is whatever the processor counts cheaply: its time stamp counter where
 * the kernel itself trusts it as a clock, else nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef PYTHREAD_TRACE_CLOCK_H
#define PYTHREAD_TRACE_CLOCK_H

#include "base/common.h"

/* Once, before the first tick is taken. Reads one file of /sys where that may say something. */
void clock_init(void);

/* Async-signal-safe, thread safe. Ticks of different threads compare. */
uint64_t clock_ticks(void);

/* A duration in nanoseconds. The first call that needs a rate may take a millisecond. */
uint64_t clock_to_ns(uint64_t ticks);

/* A duration in ticks. */
uint64_t clock_from_ns(uint64_t ns);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t clock_monotonic_ns(void);

#endif
