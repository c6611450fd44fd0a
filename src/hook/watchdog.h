/* SPDX-License-Identifier: MIT */
/*
 * --watchdog: a thread of the tool's own that looks for waits which last too long. There is none
 * without that option, nor before the first thread waits.
 */
#ifndef PYTHREAD_TRACE_WATCHDOG_H
#define PYTHREAD_TRACE_WATCHDOG_H

/* A thread is about to wait for a mutex. Cheap where the watchdog is off or at work already. */
void watchdog_wait_begins(void);

/* In the forked child there is no such thread. */
void watchdog_after_fork(void);

#endif
