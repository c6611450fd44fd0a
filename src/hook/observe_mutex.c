/* SPDX-License-Identifier: MIT */
#include "hook/observe_mutex.h"

#include "base/clock.h"
#include "hook/mutex_operation.h"
#include "hook/process.h"
#include "hook/quick.h"
#include "hook/tool.h"
#include "hook/trace_mutex.h"
#include "hook/watchdog.h"

/* What _PyMutex_LockTimed returns: PyLockStatus (Include/internal/pycore_lock.h). */
#define FAILED 0
#define ACQUIRED 1

/* The order in which the thread takes its mutexes, where that is news. */
static void judge_order(struct operation *operation)
{
	if (likely(!mutexes_wants_stack(operation->request.record, operation->request.thread)) ||
	    !tool_enter())
		return;
	operation_take_stacks(operation);
	operation_judge_sureness(operation);
	mutexes_requested(&operation->request);
	tool_leave();
}

/*
 * A mutex that was waited for before stays visible. Not at the first time: there are programs that
 * let one thread wait and then look at the byte, CPython's tests among them.
 */
static void arm(struct operation *operation)
{
	struct mutex_record *record = operation->request.record;

	if (!operation->ours || record->runtime || operation->armed ||
	    !__atomic_load_n(&record->contended, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&record->armed, true, __ATOMIC_RELAXED);
	operation->armed = true;
}

static void do_lock(const struct operation *operation)
{
	if (operation->ours)
		core_mutex_lock(operation->mutex, operation->armed);
	else
		mutex_originals.lock(operation->mutex);
}

static void begin_wait(struct operation *operation, uint64_t now)
{
	if (!tool_enter())
		return;
	operation_take_stacks(operation);
	operation_judge_sureness(operation);
	trace_mutex_waiting(operation);
	mutexes_wait_begin(&operation->request, now);
	tool_leave();
	watchdog_wait_begins();
}

/* Returns how long it was waited for. */
static uint64_t note_contended(struct operation *operation, uint64_t began)
{
	uint64_t now = clock_ticks();

	operation_judge_sureness(operation);
	mutexes_acquired(&operation->request, now, true, now - began);
	trace_mutex_acquired(operation, true);
	return now - began;
}

static void end_wait(struct operation *operation, uint64_t began)
{
	uint64_t waited;

	mutexes_wait_end(operation->request.thread);
	waited = note_contended(operation, began);
	if (unlikely(mutexes_is_long_wait(waited)) && tool_enter()) {
		mutexes_report_long_wait(operation->request.record, waited, &operation->site);
		tool_leave();
	}
}

/* It tells where those who hold what others wait for took it, and cannot ask them then. */
static void take_stacks_for_watchdog(struct operation *operation)
{
	if (operation->site.native || !tool_enter())
		return;
	operation_take_stacks(operation);
	tool_leave();
}

/* A recording tells of each wait with its stack, which is not to be taken during the hold. */
static bool lock_soon(struct operation *operation)
{
	return operation->ours && !trace_wants(TRACE_mutex_lock_acq) &&
	       core_mutex_lock_soon(operation->mutex, operation->armed);
}

static void lock_contended(struct operation *operation)
{
	uint64_t began = clock_ticks();

	if (!process_is_own()) {
		do_lock(operation);
		return;
	}
	/* Another library may be now where the one was that this is known of. */
	if (operation->caller & CALLER_SEEN)
		operation->caller = mutex_caller_look_up(operation->site.caller);
	arm(operation);
	if (lock_soon(operation)) {
		if (unlikely(process.options.watchdog_ms))
			take_stacks_for_watchdog(operation);
		note_contended(operation, began);
		return;
	}
	begin_wait(operation, began);
	do_lock(operation);
	end_wait(operation, began);
}

__attribute__((noinline)) void quick_note_lock(struct mutex_record *record,
					       struct mutex_thread *thread, const void *caller,
					       bool sure, uint64_t now)
{
	const struct site site = {.caller = caller, .tid = thread->tid};
	const struct mutex_request request = {
		.record = record, .thread = thread, .site = &site, .sure = sure};

	mutexes_acquired(&request, now, false, 0);
}

/* What was asked for. */
static void take(struct operation *operation)
{
	judge_order(operation);
	/* What the headers' fast path does, whoever calls. */
	if (unlikely(!core_mutex_try_lock(operation->mutex, operation->armed))) {
		lock_contended(operation);
		return;
	}
	if (unlikely(process.options.watchdog_ms))
		take_stacks_for_watchdog(operation);
	operation_judge_sureness(operation);
	mutexes_acquired(&operation->request,
			 mutexes_times_hold(operation->request.record) ? clock_ticks() : 0, false,
			 0);
	trace_mutex_acquired(operation, false);
}

/* requested: the recording has the request already. */
static SLOW_PATH void lock_slowly(struct mutex *mutex, const void *caller, bool requested)
{
	struct operation operation;

	operation_begin(&operation, mutex, caller);
	if (unlikely(!operation.request.thread || !operation.request.record)) {
		do_lock(&operation);
		return;
	}
	if (!requested)
		trace_mutex_request(&operation);
	take(&operation);
}

/* The everyday operation, and another one, while it is recorded. */
static RECORDED_PATH QUICK void lock_recorded(struct mutex *mutex, const void *caller)
{
	const struct trace_site site = {.caller = caller};
	struct quick quick;

	count_any_call(FUNCTION_PyMutex_Lock, caller);
	quick_find(mutex, caller);
	if (!quick_begin_lock(&quick, mutex, caller) || !trace_mutex_is_named(quick.record) ||
	    core_mutex_bits(mutex) != MUTEX_REST(quick.armed)) {
		lock_slowly(mutex, caller, false);
		return;
	}
	if (trace_wants(TRACE_mutex_lock_req))
		trace_get()->mutex_lock_req(mutex, caller);
	/* Another thread may have been quicker. */
	if (unlikely(!quick_take(&quick, mutex, caller, quick_is_timed(&quick))))
		lock_slowly(mutex, caller, true);
	else if (trace_wants(TRACE_mutex_lock_acq))
		trace_get()->mutex_lock_acq(mutex, false, quick.sure, &site);
}

/* Apart, as it has calls: the everyday operation needs no stack. */
static RECORDED_PATH QUICK void lock_otherwise(struct mutex *mutex, const void *caller)
{
	struct quick quick;

	count_any_call(FUNCTION_PyMutex_Lock, caller);
	quick_find(mutex, caller);
	if (unlikely(!quick_begin_lock(&quick, mutex, caller) ||
		     !quick_take(&quick, mutex, caller, quick_is_timed(&quick))))
		lock_slowly(mutex, caller, false);
}

QUICK void observe_mutex_lock(struct mutex *mutex, const void *caller)
{
	struct quick quick;

	if (trace_wants_locks()) {
		lock_recorded(mutex, caller);
		return;
	}
	if (unlikely(!quick_begin_lock(&quick, mutex, caller) || quick_is_timed(&quick))) {
		lock_otherwise(mutex, caller);
		return;
	}
	quick.calls[FUNCTION_PyMutex_Lock]++;
	if (unlikely(!quick_take(&quick, mutex, caller, false)))
		lock_slowly(mutex, caller, false);
}

static void note_timed(struct operation *operation, bool contended, uint64_t began)
{
	if (contended) {
		end_wait(operation, began);
		return;
	}
	operation_judge_sureness(operation);
	mutexes_acquired(&operation->request, clock_ticks(), false, 0);
	trace_mutex_acquired(operation, false);
}

int observe_mutex_lock_timed(struct mutex *mutex, int64_t timeout, int flags, const void *caller)
{
	struct operation operation;
	uint64_t began = clock_ticks();
	bool contended;
	int status;

	if (!mutex_originals.lock_timed)
		return FAILED; /* no interpreter has it, so nobody can mean it */
	operation_begin(&operation, mutex, caller);
	if (operation.request.record && operation.ours) {
		__atomic_store_n(&operation.request.record->forward, true, __ATOMIC_SEQ_CST);
		operation_choose_side(&operation);
	}
	if (!operation.request.thread || !operation.request.record)
		return mutex_originals.lock_timed(mutex, timeout, flags);
	operation.request.try_only = timeout >= 0;
	contended = operation.bits & MUTEX_LOCKED;
	trace_mutex_request(&operation);
	/* One that gives up in time is no part of a deadlock. */
	if (!operation.request.try_only)
		judge_order(&operation);
	if (!operation.request.try_only && contended)
		begin_wait(&operation, began);
	status = mutex_originals.lock_timed(mutex, timeout, flags);
	if (status == ACQUIRED)
		note_timed(&operation, contended, began);
	else
		mutexes_wait_end(operation.request.thread);
	return status;
}
