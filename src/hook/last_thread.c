/* SPDX-License-Identifier: MIT */
#include "hook/last_thread.h"

#include "base/alone.h"
#include "base/clock.h"
#include "hook/own_thread.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "hook/trace_threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#define LOOK_LEAST_MS 10
#define LOOK_MOST_MS 320

static sigset_t programs_signals; /* what the thread blocks for which the last one ends */

static void sleep_ms(unsigned int ms)
{
	nanosleep(&(struct timespec){0, (long)ms * NS_PER_MS}, NULL);
}

/* Threads end without a word to us: none but those that called a hooked function can be watched. */
static void *watch(void *unused)
{
	unsigned int ms = LOOK_LEAST_MS;

	(void)unused;
	tool_set_inside(true); /* nothing that happens here is the program's */
	prctl(PR_SET_NAME, "pythread-trace");
	do {
		sleep_ms(ms);
		ms = ms < LOOK_MOST_MS ? ms * 2 : ms;
	} while (!first_thread_has_ended() || !trace_threads_only_tracers());
	tool_set_inside(false);
	pthread_sigmask(SIG_SETMASK, &programs_signals, NULL);
	exit(EXIT_SUCCESS);
}

static void start(void)
{
	bool was_inside = tool_is_inside();

	tool_set_inside(true);
	pthread_sigmask(SIG_SETMASK, NULL, &programs_signals);
	own_thread_start(watch, 0,
			 "what ends a recorded process with its last thread cannot be started");
	tool_set_inside(was_inside);
}

void last_thread_first_ends(void)
{
	if (trace_get())
		start();
}

void last_thread_after_fork(void)
{
	if (first_thread_has_ended())
		start();
}
