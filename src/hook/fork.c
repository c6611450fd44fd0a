/* SPDX-License-Identifier: MIT */
#include "hook/fork.h"

#include "hook/mutex_caller.h"
#include "hook/mutex_host.h"
#include "hook/process.h"
#include "hook/real.h"
#include "hook/state.h"
#include "hook/thread.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "hook/watchdog.h"
#include "model/mutexes.h"
#include "report/report.h"
#include "stack/stack.h"

#include <pthread.h>
#include <unistd.h>

EXPORT int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
			     void *dso);

/* This thread's fork began while the library was asleep: keys are all that is known. */
static __thread bool asleep INITIAL_EXEC;

/*
 * Nobody's handlers of fork run between these, but signal handlers may, and use keys. Where one
 * forks that interrupted the tool or another fork, the locks may be this thread's own, or other
 * threads wait for those with one of the rest in hand: nothing is locked, and the child does
 * without the tool.
 */
static void before_fork(void)
{
	if (!tool_begin_fork())
		return;
	asleep = process_is_asleep();
	if (asleep) {
		keys_before_fork();
		return;
	}
	trace_before_fork();
	core_before_fork();
	keys_before_fork();
	mutexes_before_fork();
	stack_before_fork();
	thread_before_fork();
}

static void unlock_after_fork(bool in_child)
{
	trace_unlock_after_fork(in_child);
	thread_after_fork(in_child);
	stack_after_fork();
	mutexes_after_fork(in_child, thread_mutexes());
	keys_after_fork(in_child);
	core_after_fork();
	tool_end_fork();
}

static void unlock_asleep(void)
{
	keys_after_fork(false);
	tool_end_fork();
}

static void after_fork_in_parent(void)
{
	if (tool_end_unguarded_fork())
		return;
	if (asleep) {
		unlock_asleep();
		return;
	}
	unlock_after_fork(false);
	trace_after_fork(false);
}

static void do_without_tool(void)
{
	__atomic_store_n(&process.state, LOST, __ATOMIC_RELEASE);
	process.muted = true;
	mutex_host_judge_everyday();
	core_after_unguarded_fork();
	thread_after_unguarded_fork();
	trace_after_unguarded_fork();
}

/* Another thread may have been about to wake the library up: it is not here to go on. */
static void after_fork_in_sleeping_child(void)
{
	unlock_asleep();
	if (__atomic_load_n(&process.state, __ATOMIC_ACQUIRE) != ASLEEP)
		do_without_tool();
}

static void after_fork_in_child(void)
{
	bool guarded = !tool_end_unguarded_fork();

	if (guarded && asleep) {
		after_fork_in_sleeping_child();
		return;
	}
	process.pid = getpid();
	process.forked = true;
	process.muted = !process.options.follow_fork;
	mutex_host_judge_everyday();
	core_mutex_after_fork();
	watchdog_after_fork();
	mutex_caller_after_fork();
	if (!guarded) {
		do_without_tool();
		return;
	}
	unlock_after_fork(true);
	report_after_fork(process.options.follow_fork);
	trace_after_fork(true);
}

void fork_watch(void)
{
	static bool watched;

	if (!__atomic_exchange_n(&watched, true, __ATOMIC_RELAXED))
		pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* What pthread_atfork() calls, which each library has in itself. */
int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *dso)
{
	fork_watch();
	return real()->register_atfork(prepare, parent, child, dso);
}
