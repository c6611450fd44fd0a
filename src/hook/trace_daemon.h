/* SPDX-License-Identifier: MIT */
/* Whether LTTng would find a session daemon. */
#ifndef PYTHREAD_TRACE_TRACE_DAEMON_H
#define PYTHREAD_TRACE_TRACE_DAEMON_H

#include "base/common.h"

/*
 * Looks for a socket that somebody listens at, where LTTng's library looks. A few system calls,
 * none of which waits; allocates nothing.
 */
bool trace_daemon_is_there(void);

#endif
