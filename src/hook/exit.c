/* SPDX-License-Identifier: MIT */
/* The ways out of a process that run code: exit and return from main, _exit, quick_exit. */
#include <stdio.h>
#include <stdlib.h>

#include "hook/process.h"
#include "hook/real.h"

EXPORT void _exit(int status) __attribute__((noreturn));
EXPORT void _Exit(int status) __attribute__((noreturn));

static int exit_status = -1;

static __attribute__((noreturn)) void leave(int status)
{
	int asked = process_report(status & 0xff);

	real()->_exit(asked >= 0 ? asked : status);
}

void _exit(int status)
{
	leave(status);
}

void _Exit(int status)
{
	leave(status);
}

static void remember_status(int status, void *unused)
{
	(void)unused;
	exit_status = status & 0xff;
}

static __attribute__((constructor)) void watch_exit(void)
{
	on_exit(remember_status, NULL);
}

/* After atexit handlers and the destructors of everything that was loaded later than us. */
static __attribute__((destructor)) void report_at_exit(void)
{
	int asked = process_report(exit_status);

	if (asked < 0 || asked == exit_status)
		return;
	/* exit() has no way back from here to another status; it would have flushed these. */
	fflush(NULL);
	real()->_exit(asked);
}
