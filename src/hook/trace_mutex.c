/* SPDX-License-Identifier: MIT */
#include "hook/trace_mutex.h"

#include "hook/tool.h"
#include "hook/trace_site.h"

static inline void name(struct mutex_record *record)
{
	if (unlikely(!trace_mutex_is_named(record)))
		trace_name_mutex(record);
}

void trace_mutex_request_slowly(const struct operation *operation)
{
	name(operation->request.record);
	if (trace_wants(TRACE_mutex_lock_req))
		trace_get()->mutex_lock_req(operation->mutex, operation->site.caller);
}

void trace_mutex_waiting(const struct operation *operation)
{
	if (trace_wants(TRACE_mutex_lock_acq))
		trace_tell_python(&operation->site);
}

static void tell_contended(const struct operation *operation)
{
	struct trace_place place;

	trace_get()->mutex_lock_acq(operation->mutex, true, operation->request.sure,
				    trace_site(&place, &operation->site));
}

void trace_mutex_acquired_slowly(const struct operation *operation, bool contended)
{
	const struct trace_site site = {.caller = operation->site.caller};

	name(operation->request.record);
	if (unlikely(contended && tool_enter())) {
		tell_contended(operation);
		tool_leave();
		return;
	}
	trace_get()->mutex_lock_acq(operation->mutex, contended, operation->request.sure, &site);
}

void trace_mutex_releasing_slowly(const struct operation *operation)
{
	struct mutex_record *record = operation->request.record;

	name(record);
	trace_get()->mutex_unlock(operation->mutex, peek(record->waiters), operation->site.caller);
}
