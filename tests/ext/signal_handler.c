/* SPDX-License-Identifier: MIT */
/* A C signal handler that misuses a key, and one that ends the process, both out of malloc. */
#include "ext.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#define STATUS 3

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;
static volatile sig_atomic_t handled;

static void misuse(int number)
{
	(void)number;
	PyThread_tss_get(&cache_key);
	handled++;
}

static void leave(int number)
{
	(void)number;
	_exit(STATUS);
}

static void *volatile block;

/* Signals come every tenth of a millisecond: many of them inside malloc or free. */
static void allocate_until(int times, void (*handler)(int))
{
	const struct itimerval often = {{0, 100}, {0, 100}}, never = {{0, 0}, {0, 0}};
	size_t size = 0;

	handled = 0;
	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &often, NULL);
	while (handled < times) {
		block = malloc(++size % 100000);
		free(block);
	}
	setitimer(ITIMER_REAL, &never, NULL);
}

STEP(misuse_in_handler)
{
	allocate_until(200, misuse);
}

STEP(exit_in_handler)
{
	allocate_until(1, leave);
}

MODULE(METHOD(misuse_in_handler), METHOD(exit_in_handler))
