/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S UINT64_C(1000000000)

/* Long enough for a rate that is right to one in a thousand. */
#define RATE_SPAN_NS 1000000

/* Ticks are the counter's; else nanoseconds. */
static bool counter_trusted;
static uint64_t first_counter, first_ns;
static uint64_t known_rate; /* counter ticks in 2^20 ns, 0 until somebody asks */

uint64_t clock_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

#ifdef __x86_64__
#include <x86intrin.h>

#define COUNTER_NAME "tsc\n"

static inline uint64_t read_counter(void)
{
	return __rdtsc();
}
#else
/* Elsewhere clock_gettime() is a read of the counter already. */
#define COUNTER_NAME "none\n"

static inline uint64_t read_counter(void)
{
	return clock_monotonic_ns();
}
#endif

/* The kernel's own choice: it has compared the counters of all processors. */
static bool kernel_uses_counter(void)
{
	char name[sizeof(COUNTER_NAME)] = "";
	int file = open("/sys/devices/system/clocksource/clocksource0/current_clocksource",
			O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return false;
	if (read(file, name, sizeof(name) - 1) < 0)
		name[0] = '\0';
	close(file);
	return strcmp(name, COUNTER_NAME) == 0;
}

void clock_init(void)
{
	int saved = errno;

	counter_trusted = kernel_uses_counter();
	first_counter = read_counter();
	first_ns = clock_monotonic_ns();
	errno = saved;
}

uint64_t clock_ticks(void)
{
	return counter_trusted ? read_counter() : clock_monotonic_ns();
}

/* From the first tick to now: the longer the process has run, the more exact. */
static uint64_t measure_rate(void)
{
	uint64_t ns;

	do {
		ns = clock_monotonic_ns() - first_ns;
	} while (ns < RATE_SPAN_NS);
	return (uint64_t)(((unsigned __int128)(read_counter() - first_counter) << 20) / ns);
}

/* Ticks in 2^20 ns. */
static uint64_t rate(void)
{
	uint64_t value = __atomic_load_n(&known_rate, __ATOMIC_RELAXED);

	if (!value) {
		value = measure_rate();
		__atomic_store_n(&known_rate, value, __ATOMIC_RELAXED);
	}
	return value;
}

uint64_t clock_to_ns(uint64_t ticks)
{
	if (!counter_trusted)
		return ticks;
	return (uint64_t)(((unsigned __int128)ticks << 20) / rate());
}

uint64_t clock_from_ns(uint64_t ns)
{
	if (!counter_trusted || !ns)
		return ns;
	return (uint64_t)(((unsigned __int128)ns * rate()) >> 20);
}
