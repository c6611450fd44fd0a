/* SPDX-License-Identifier: MIT */
#include "hook/fork.h"

#include "hook/mutex_caller.h"
#include "hook/mutex_host.h"
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

/*
 * The program's own handlers of fork run between these, and may use keys. Where a signal handler
 * forks that interrupted the tool or another fork, the locks may be this thread's own, or other
 * threads wait for those with one of the rest in hand: nothing is locked, and the child does
 * without the tool.
 */
static void before_fork(void)
{
	if (!tool_begin_fork())
		return;
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

static void after_fork_in_parent(void)
{
	if (tool_end_unguarded_fork())
		return;
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

static void after_fork_in_child(void)
{
	process.pid = getpid();
	process.forked = true;
	process.muted = !process.options.follow_fork;
	mutex_host_judge_everyday();
	core_mutex_after_fork();
	watchdog_after_fork();
	mutex_caller_after_fork();
	if (tool_end_unguarded_fork()) {
		do_without_tool();
		return;
	}
	unlock_after_fork(true);
	report_after_fork(process.options.follow_fork);
	trace_after_fork(true);
}

void fork_watch(void)
{
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}
