/* SPDX-License-Identifier: MIT */
/* Whether anybody else is there. */
#ifndef PYTHREAD_TRACE_ALONE_H
#define PYTHREAD_TRACE_ALONE_H

#include "base/common.h"

/*
 * Whether the calling thread is the only one of its process that still runs, as the kernel says.
 * The first thread may have ended before the others: it stays in the kernel's list. False where it
 * cannot be told. Reads one file of /proc; keeps errno; async-signal-safe.
 */
bool alone_in_process(void);

/* Whether the process goes on without its first thread. As above. */
bool first_thread_has_ended(void);

#endif
