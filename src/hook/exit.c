/* SPDX-License-Identifier: MIT */
/* The ways out of a process that run code: exit and return from main, _exit, quick_exit. */
#include "hook/process.h"
#include "hook/real.h"

#include <stdio.h>
#include <stdlib.h>

EXPORT void _exit(int status) __attribute__((noreturn));
EXPORT void _Exit(int status) __attribute__((noreturn));
EXPORT void quick_exit(int status) __attribute__((noreturn));

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

/* exit() has no way back from a handler to another status; it would have flushed these. */
static void report_at_exit(int status, void *unused)
{
	int asked = process_report(status & 0xff);

	(void)unused;
	if (asked < 0 || asked == (status & 0xff))
		return;
	fflush(NULL);
	real()->_exit(asked);
}

/* Its handlers are not told the status. */
static int quick_status = -1;

void quick_exit(int status)
{
	quick_status = status & 0xff;
	real()->quick_exit(status);
}

static void report_at_quick_exit(void)
{
	int asked = process_report(quick_status);

	if (asked >= 0)
		real()->_exit(asked);
}

/*
 * Handlers run newest first, and the destructors of libraries are one of them, registered when the
 * program starts: what this constructor registers comes after all of them.
 */
static __attribute__((constructor)) void watch_exit(void)
{
	on_exit(report_at_exit, NULL);
	at_quick_exit(report_at_quick_exit);
}
