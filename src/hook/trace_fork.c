/* SPDX-License-Identifier: MIT */
/*
 * Around fork. LTTng's threads are not in the child, and its library would start them again at
 * once, and register. That is left until the child has something to tell: most children only call
 * exec, and meanwhile close all files, under the hands of threads that use some of these.
 */
#include "hook/last_thread.h"
#include "hook/state.h"
#include "hook/thread.h"
#include "hook/tool.h"
#include "hook/trace_internal.h"
#include "hook/trace_name.h"
#include "hook/trace_threads.h"

static bool locked;		       /* LTTng's locks, for the fork */
static const struct provider *awaited; /* a child has not begun to trace: what it will trace by */

/* LTTng's lock comes before all of ours: what exists is asked for under it. */
void trace_before_fork(void)
{
	locked = trace_get() && trace_get()->before_fork();
	trace_name_before_fork();
}

void trace_unlock_after_fork(bool in_child)
{
	if (in_child)
		trace_begin_era();
	trace_name_after_fork();
}

static void begin_child(void)
{
	if (!awaited)
		awaited = trace_get();
	trace_fall_silent();
	if (process.muted)
		awaited = NULL;
}

void trace_after_fork(bool in_child)
{
	if (!locked)
		return;
	locked = false;
	trace_get()->after_fork(in_child ? FORK_CHILD_QUIET : FORK_PARENT);
	if (in_child)
		begin_child();
}

void trace_after_unguarded_fork(void)
{
	awaited = NULL;
	trace_fall_silent();
}

/* As if it were forked now, and this were its only thread. */
static void begin_to_trace(void)
{
	const struct provider *provider = awaited;

	awaited = NULL;
	trace_set_provider(provider);
	trace_threads_note_tracer();
	if (provider->before_fork())
		provider->after_fork(FORK_CHILD);
	last_thread_after_fork();
}

bool trace_child_begins(void)
{
	bool in_handler;

	if (likely(!awaited))
		return true;
	if (!tool_enter())
		return false;
	in_handler = tool_is_in_signal_handler();
	if (!in_handler)
		begin_to_trace();
	tool_leave();
	if (!in_handler)
		thread_begin(); /* LTTng's threads are not to outlive it */
	return !in_handler;
}
