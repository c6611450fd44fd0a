/* SPDX-License-Identifier: MIT */
/*
 * Durations are right even when the thread loses its processor while the rate is measured. Where
 * the system's clock makes no sense, there are some all the same.
 */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define PAUSE_MS 20
#define SLEEP_MS 50
#define SOME_TIME_S 100000
#define YEARS_S ((time_t)1 << 30)
#define PATIENCE_S 10

/* What a library in front of libc's may make of the clock. */
static bool stands_still;
static time_t shift_s;

/* How long after the first look at the clock the thread is interrupted, in the next one. */
static uint64_t interrupted_ns;
static uint64_t first_ns;
static bool was_interrupted;

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){0, ms * NS_PER_MS}, NULL);
}

/* The thread stands still right after the clock was read. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	int result = __real_clock_gettime(clock, now);
	uint64_t ns = (uint64_t)now->tv_sec * 1000 * NS_PER_MS + (uint64_t)now->tv_nsec;

	if (!first_ns)
		first_ns = ns;
	if (!was_interrupted && ns - first_ns >= interrupted_ns) {
		was_interrupted = true;
		sleep_ms(PAUSE_MS);
	}
	if (stands_still)
		*now = (struct timespec){.tv_sec = SOME_TIME_S};
	now->tv_sec += shift_s;
	return result;
}

/* How long a sleep was, in ticks, and by the system's clock. */
static bool measures_well(void)
{
	uint64_t began, ticks, ns, measured;

	clock_init();
	clock_to_ns(1);
	was_interrupted = true;
	ns = clock_monotonic_ns();
	began = clock_ticks();
	sleep_ms(SLEEP_MS);
	ticks = clock_ticks() - began;
	ns = clock_monotonic_ns() - ns;
	measured = clock_to_ns(ticks);
	/* A busy machine may stop the test itself between its own two looks. */
	if (measured <= ns + ns / 50 && measured + 2 * NS_PER_MS >= SLEEP_MS * NS_PER_MS)
		return true;
	fprintf(stderr, "measured %llu ns of %llu\n", (unsigned long long)measured,
		(unsigned long long)ns);
	return false;
}

static void an_interruption_changes_nothing(void **state)
{
	(void)state;
	for (interrupted_ns = 0; interrupted_ns <= 2 * NS_PER_MS;
	     interrupted_ns += NS_PER_MS / 10) {
		int status;
		pid_t child = fork();

		if (child == 0)
			_exit(measures_well() ? 0 : 1);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status != 0)
			fail_msg("interrupted after %llu ns", (unsigned long long)interrupted_ns);
	}
}

/* A clock that stands still, or jumps after the first look. It is a moment that the rate needs. */
static void convert(bool still, time_t jump_s)
{
	alarm(PATIENCE_S);
	was_interrupted = true;
	stands_still = still;
	clock_init();
	shift_s = jump_s;
	sleep_ms(1);
	_exit(clock_to_ns(clock_from_ns(NS_PER_MS)) > 0 ? 0 : 1);
}

static void senseless_clocks(void **state)
{
	static const time_t jumps_s[] = {0, 1, -1, YEARS_S, -YEARS_S};

	(void)state;
	for (size_t i = 0; i < countof(jumps_s) * 2; i++) {
		bool still = i % 2;
		time_t jump_s = jumps_s[i / 2];
		int status;
		pid_t child = fork();

		if (child == 0)
			convert(still, jump_s);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status != 0)
			fail_msg("a clock that %s and jumps by %ld s: status %d",
				 still ? "stands still" : "goes on", (long)jump_s, status);
	}
}

static void there_and_back(void **state)
{
	(void)state;
	clock_init();
	assert_int_equal(clock_from_ns(0), 0);
	for (uint64_t ns = 1000000; ns < UINT64_C(1) << 50; ns *= 7) {
		uint64_t back = clock_to_ns(clock_from_ns(ns));

		assert_true(back >= ns - ns / 1000 && back <= ns + ns / 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interruption_changes_nothing),
		cmocka_unit_test(senseless_clocks),
		cmocka_unit_test(there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
