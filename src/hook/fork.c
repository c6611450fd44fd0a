/* SPDX-License-Identifier: MIT */
#include "hook/fork.h"

#include <pthread.h>
#include <unistd.h>

#include "hook/state.h"
#include "hook/thread.h"
#include "hook/tool.h"
#include "hook/watchdog.h"
#include "model/mutexes.h"
#include "report/report.h"
#include "stack/stack.h"

/*
 * The program's own handlers of fork run between these, and may use keys. Where a signal handler
 * forks that interrupted the tool, its locks may be this thread's own: nothing is locked, and the
 * child does without the tool.
 */
static void before_fork(void)
{
	core_before_fork();
	if (!tool_begin_fork())
		return;
	keys_before_fork();
	mutexes_before_fork();
	stack_before_fork();
	thread_before_fork();
}

static void unlock_after_fork(bool in_child)
{
	thread_after_fork(in_child);
	stack_after_fork();
	mutexes_after_fork(in_child, thread_mutexes());
	keys_after_fork(in_child);
	tool_end_fork();
}

static void after_fork_in_parent(void)
{
	if (tool_is_forking())
		unlock_after_fork(false);
	core_after_fork();
}

static void after_fork_in_child(void)
{
	process.pid = getpid();
	process.forked = true;
	process.muted = !process.options.follow_fork;
	core_mutex_after_fork();
	watchdog_after_fork();
	if (tool_is_forking()) {
		unlock_after_fork(true);
		report_after_fork(process.options.follow_fork);
	} else {
		__atomic_store_n(&process.state, LOST, __ATOMIC_RELEASE);
	}
	core_after_fork();
}

void fork_watch(void)
{
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}
