/* SPDX-License-Identifier: MIT */
/*
 * Time for durations. A tick is whatever the processor counts cheaply: its time stamp counter where
 * the kernel itself trusts it as a clock, else nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef PYTHREAD_TRACE_CLOCK_H
#define PYTHREAD_TRACE_CLOCK_H

#include "base/common.h"

#define NS_PER_S 1000000000L
#define NS_PER_MS 1000000L
#define NS_PER_US 1000L
#define MS_PER_S 1000L

/* Once, before the first tick is taken. May read one file of /sys; keeps errno. */
void clock_init(void);

/* Async-signal-safe, thread safe. Ticks of different threads compare. */
uint64_t clock_ticks(void);

/* A duration in nanoseconds. The first call that needs a rate may take a millisecond. */
uint64_t clock_to_ns(uint64_t ticks);

/* Nanoseconds between two moments in ticks; 0 where the first is 0, or the later one. */
uint64_t clock_ns_between(uint64_t begin, uint64_t end);

/* A duration in ticks. */
uint64_t clock_from_ns(uint64_t ns);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t clock_monotonic_ns(void);

#endif
