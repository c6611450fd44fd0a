/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Long enough for a rate that is right to one in a thousand. */
#define RATE_SPAN_NS NS_PER_MS

/* Counter ticks in 2^20 ns: of 1/64 GHz, 64 GHz, and 1 GHz, which is as good as any. */
#define RATE_LEAST (1 << 14)
#define RATE_MOST (1 << 26)
#define RATE_ANY (1 << 20)

/* Counter ticks: tens of milliseconds, or a few seconds where the counter is slow. */
#define PATIENCE (UINT64_C(1) << 26)

/* One moment on both clocks. */
struct moment {
	uint64_t counter, ns;
};

/* Of so many tries one is not interrupted. */
#define TRIES 8

/* Ticks are the counter's; else nanoseconds. */
static bool counter_trusted;
static struct moment first;
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

/* The thread may lose its processor between the two clocks: what took least is at one moment. */
static struct moment this_moment(void)
{
	struct moment moment = {0};
	uint64_t least = UINT64_MAX;

	for (unsigned int i = 0; i < TRIES; i++) {
		uint64_t before = clock_monotonic_ns(), counter = read_counter();
		uint64_t took = clock_monotonic_ns() - before;

		if (took < least) {
			least = took;
			moment = (struct moment){counter, before + took / 2};
		}
	}
	return moment;
}

void clock_init(void)
{
	int saved = errno;

	counter_trusted = kernel_uses_counter();
	if (counter_trusted)
		first = this_moment();
	errno = saved;
}

uint64_t clock_ticks(void)
{
	return counter_trusted ? read_counter() : clock_monotonic_ns();
}

/* From the first tick: the longer the process has run, the more exact. 0 if it makes no sense. */
static uint64_t rate_until(struct moment now)
{
	int64_t ns = (int64_t)(now.ns - first.ns);
	unsigned __int128 rate;

	if (ns < RATE_SPAN_NS)
		return 0;
	rate = ((unsigned __int128)(now.counter - first.counter) << 20) / (uint64_t)ns;
	return rate >= RATE_LEAST && rate <= RATE_MOST ? (uint64_t)rate : 0;
}

/* The clock may stand still, or have jumped: libraries in front of libc's make such ones. */
static uint64_t measure_rate(void)
{
	struct moment now = this_moment();
	uint64_t begin = now.counter, rate;

	while (!(rate = rate_until(now)) && now.counter - begin < PATIENCE)
		now = this_moment();
	return rate ? rate : RATE_ANY;
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

uint64_t clock_ns_between(uint64_t begin, uint64_t end)
{
	return begin && end > begin ? clock_to_ns(end - begin) : 0;
}

uint64_t clock_from_ns(uint64_t ns)
{
	if (!counter_trusted || !ns)
		return ns;
	return (uint64_t)(((unsigned __int128)ns * rate()) >> 20);
}
