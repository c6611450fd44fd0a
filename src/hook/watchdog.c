/* SPDX-License-Identifier: MIT */
#include "hook/watchdog.h"

#include "base/alone.h"
#include "base/clock.h"
#include "hook/own_thread.h"
#include "hook/process.h"
#include "hook/real.h"
#include "hook/state.h"
#include "hook/tool.h"
#include "model/mutexes.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

/* Looks a few times within the time allowed, so that what it says is not much too late. */
#define LOOKS 5
#define LOOK_LEAST_MS 10
#define LOOK_MOST_MS 1000

#define STACK_SIZE (1024 * 1024) /* symbols are looked up on it */

/* Of more threads than this, the rest is counted only. */
#define WAITS_MAX 512

static bool started;
static struct mutex_wait waits[WAITS_MAX]; /* the watchdog's alone */
static uint64_t told_until;		   /* waits that began up to then have been told */

static void sleep_a_while(void)
{
	uint64_t ms = process.options.watchdog_ms / LOOKS;
	struct timespec time;

	if (ms < LOOK_LEAST_MS)
		ms = LOOK_LEAST_MS;
	if (ms > LOOK_MOST_MS)
		ms = LOOK_MOST_MS;
	time = (struct timespec){(time_t)(ms / MS_PER_S), (long)(ms % MS_PER_S * NS_PER_MS)};
	nanosleep(&time, NULL);
}

/* Of the waits that last too long and have not been told: the oldest one, or NULL. */
static const struct mutex_wait *find_hang(unsigned int count, uint64_t now)
{
	uint64_t allowed = clock_from_ns(process.options.watchdog_ms * NS_PER_MS);
	const struct mutex_wait *oldest = NULL;

	for (unsigned int i = 0; i < count && i < WAITS_MAX; i++) {
		if (waits[i].since <= told_until || now - waits[i].since < allowed)
			continue;
		if (!oldest || waits[i].since < oldest->since)
			oldest = &waits[i];
	}
	return oldest;
}

static void note_told(unsigned int count, uint64_t now)
{
	uint64_t allowed = clock_from_ns(process.options.watchdog_ms * NS_PER_MS);

	for (unsigned int i = 0; i < count && i < WAITS_MAX; i++) {
		if (now - waits[i].since >= allowed && waits[i].since > told_until)
			told_until = waits[i].since;
	}
}

static void end_process(void)
{
	tool_set_inside(false);
	process_report(process.options.hang_exitcode);
	real()->_exit(process.options.hang_exitcode);
}

static void look(void)
{
	uint64_t now = clock_ticks();
	unsigned int count = mutexes_waits(waits, WAITS_MAX);
	const struct mutex_wait *hang = find_hang(count, now);

	if (!hang)
		return;
	mutexes_report_hang(hang, now, count);
	note_told(count, now);
	if (process.options.hang_exitcode >= 0)
		end_process();
}

/* The C library ends a process with its last thread, and would wait for this one. */
static void end_with_the_others(void)
{
	tool_set_inside(false);
	exit(EXIT_SUCCESS);
}

static void *watch(void *unused)
{
	(void)unused;
	tool_set_inside(true); /* nothing that happens here is the program's */
	prctl(PR_SET_NAME, "pythread-trace");
	for (;;) {
		sleep_a_while();
		if (alone_in_process())
			end_with_the_others();
		look();
	}
	return NULL;
}

void watchdog_wait_begins(void)
{
	if (!process.options.watchdog_ms || __atomic_load_n(&started, __ATOMIC_RELAXED) ||
	    !tool_enter())
		return;
	if (!__atomic_exchange_n(&started, true, __ATOMIC_RELAXED))
		own_thread_start(watch, STACK_SIZE, "the watchdog cannot be started");
	tool_leave();
}

void watchdog_after_fork(void)
{
	started = false;
	told_until = 0;
}
