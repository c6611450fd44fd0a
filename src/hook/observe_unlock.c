/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "hook/mutex_operation.h"
#include "hook/observe_mutex.h"
#include "hook/quick.h"
#include "hook/tool.h"
#include "hook/trace_mutex.h"
#include "stack/stack.h"

static void judge_unlocked(struct operation *operation)
{
	if (!operation->request.thread || !tool_enter())
		return;
	stack_capture(&operation->site, operation->site.caller);
	mutexes_report_unlocked(operation->mutex, operation->request.record, &operation->site);
	tool_leave();
}

static inline bool is_timed(const struct mutex_record *record)
{
	return __atomic_load_n(&record->taken_at, __ATOMIC_RELAXED);
}

/* While the mutex is still held. */
static void judge_hold(struct operation *operation)
{
	uint64_t now = is_timed(operation->request.record) ? clock_ticks() : 0;
	bool told = unlikely(mutexes_host.long_hold) &&
		    mutexes_is_long_hold(operation->request.record, now) && tool_enter();

	if (told)
		operation_take_stacks(operation);
	mutexes_releasing(operation->request.record, operation->request.thread, &operation->site,
			  now);
	if (told)
		tool_leave();
}

static bool is_shared(const struct mutex_record *record)
{
	return !record || __atomic_load_n(&record->forwarded, __ATOMIC_SEQ_CST);
}

/* From the moment it is unlocked, only the address is used. */
static void do_unlock(const struct operation *operation)
{
	bool shared = is_shared(operation->request.record);

	if (!operation->ours) {
		mutex_originals.unlock(operation->mutex);
		core_mutex_wake(operation->mutex);
		return;
	}
	core_mutex_unlock(operation->mutex, operation->armed, shared);
	if (unlikely(!shared && is_shared(operation->request.record)))
		mutex_host_wake_other(operation->mutex);
}

static SLOW_PATH void unlock_slowly(struct mutex *mutex, const void *caller)
{
	struct operation operation;

	operation_begin(&operation, mutex, caller);
	if (unlikely(!(operation.bits & MUTEX_LOCKED)))
		judge_unlocked(&operation);
	if (likely(operation.request.record != NULL))
		judge_hold(&operation);
	if (operation.request.thread && operation.request.record && operation.bits & MUTEX_LOCKED)
		trace_mutex_releasing(&operation);
	do_unlock(&operation);
}

void __attribute__((noinline)) quick_finish_release(const struct mutex_record *record,
						    struct mutex *mutex, bool armed, bool unlocked)
{
	if (unlocked)
		core_mutex_wake(mutex);
	else
		core_mutex_unlock(mutex, armed, false);
	if (unlikely(is_shared(record)))
		mutex_host_wake_other(mutex);
}

/* The everyday operation, and another one, while it is recorded. */
static RECORDED_PATH QUICK void unlock_recorded(struct mutex *mutex, const void *caller)
{
	struct quick quick;

	count_any_call(FUNCTION_PyMutex_Unlock, caller);
	if (!quick_find_unlock(&quick, mutex, caller) || !trace_mutex_is_named(quick.record) ||
	    !mutexes_releasing_quickly(quick.record, quick.thread)) {
		unlock_slowly(mutex, caller);
		return;
	}
	trace_get()->mutex_unlock(mutex, peek(quick.record->waiters), caller);
	quick_release(&quick, mutex);
}

static inline void unlock_begun(const struct quick *quick, struct mutex *mutex, const void *caller)
{
	if (unlikely(!mutexes_releasing_quickly(quick->record, quick->thread)))
		unlock_slowly(mutex, caller);
	else
		quick_release(quick, mutex);
}

/* These two apart, as they have calls: the everyday operation needs no stack. */
static RECORDED_PATH QUICK void unlock_timed(struct mutex *mutex, const void *caller,
					     struct mutex_record *record,
					     struct mutex_thread *thread, bool armed)
{
	const struct quick quick = {.record = record, .thread = thread, .armed = armed};

	mutexes_count_hold(record, clock_ticks());
	unlock_begun(&quick, mutex, caller);
}

static RECORDED_PATH QUICK void unlock_otherwise(struct mutex *mutex, const void *caller)
{
	struct quick quick;

	count_any_call(FUNCTION_PyMutex_Unlock, caller);
	if (unlikely(!quick_find_unlock(&quick, mutex, caller)))
		unlock_slowly(mutex, caller);
	else
		unlock_begun(&quick, mutex, caller);
}

QUICK void observe_mutex_unlock(struct mutex *mutex, const void *caller)
{
	struct quick quick;

	if (trace_wants(TRACE_mutex_unlock)) {
		unlock_recorded(mutex, caller);
		return;
	}
	if (unlikely(!quick_begin_unlock(&quick, mutex, caller))) {
		unlock_otherwise(mutex, caller);
		return;
	}
	quick.calls[FUNCTION_PyMutex_Unlock]++;
	if (unlikely(quick_was_timed(&quick)))
		unlock_timed(mutex, caller, quick.record, quick.thread, quick.armed);
	else
		unlock_begun(&quick, mutex, caller);
}
