/* SPDX-License-Identifier: MIT */
/*
 * What surrounds every stay inside the report: signals are held back and cancellation is off, so
 * that no handler or cancellation leaves (longjmp, thread exit) while a lock is held, and errno is
 * put back at the end.
 */
#ifndef PYTHREAD_TRACE_GUARD_H
#define PYTHREAD_TRACE_GUARD_H

#include "base/common.h"

#include <signal.h>

struct guard {
	sigset_t signals;
	int cancel_state;
	int error;
};

/* False when the calling thread is inside already; there is then nothing to leave. */
bool guard_enter(struct guard *guard);
void guard_leave(const struct guard *guard);

/* For a helper thread of the report: it is inside until it ends. */
void guard_stay(void);

#endif
