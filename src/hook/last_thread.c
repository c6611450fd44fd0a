/* SPDX-License-Identifier: MIT */
#include "hook/last_thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/alone.h"
#include "base/clock.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "hook/trace_threads.h"

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
	} while (!first_thread_has_ended() || !trace_threads_are_others());
	tool_set_inside(false);
	pthread_sigmask(SIG_SETMASK, &programs_signals, NULL);
	exit(EXIT_SUCCESS);
}

/* Signals are for the program's threads. */
static void start(void)
{
	bool was_inside = tool_is_inside();
	pthread_attr_t attributes;
	sigset_t all;
	pthread_t thread;

	tool_set_inside(true);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &programs_signals);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_create(&thread, &attributes, watch, NULL);
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &programs_signals, NULL);
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
