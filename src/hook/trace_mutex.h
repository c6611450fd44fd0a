/* SPDX-License-Identifier: MIT */
/* The events of mutexes. Inside src/hook/ only; the operation's thread and record are known. */
#ifndef PYTHREAD_TRACE_TRACE_MUTEX_H
#define PYTHREAD_TRACE_TRACE_MUTEX_H

#include "hook/mutex_operation.h"
#include "hook/trace.h"
#include "hook/trace_name.h"
#include "model/atomic.h"

void trace_mutex_request_slowly(const struct operation *operation);
void trace_mutex_acquired_slowly(const struct operation *operation, bool contended);
void trace_mutex_releasing_slowly(const struct operation *operation);

/* Whether its next event needs no name before it. */
static inline bool trace_mutex_is_named(const struct mutex_record *record)
{
	return likely(peek(record->named) == trace_current_era()) ||
	       !trace_wants(TRACE_object_name);
}

/* Before it is asked for; outside of the tool's work. */
static inline void trace_mutex_request(const struct operation *operation)
{
	if (trace_wants_locks())
		trace_mutex_request_slowly(operation);
}

/* Before a wait, between tool_enter() and tool_leave(): what need not be told while it is held. */
void trace_mutex_waiting(const struct operation *operation);

/* Right after it was taken, when it is known whether the hold is sure. */
static inline void trace_mutex_acquired(const struct operation *operation, bool contended)
{
	if (trace_wants(TRACE_mutex_lock_acq))
		trace_mutex_acquired_slowly(operation, contended);
}

/* Right before it is unlocked. */
static inline void trace_mutex_releasing(const struct operation *operation)
{
	if (trace_wants(TRACE_mutex_unlock))
		trace_mutex_releasing_slowly(operation);
}

#endif
