/* SPDX-License-Identifier: MIT */
#include "hook/tool.h"

#include <errno.h>
#include <signal.h>

#include "hook/process.h"
#include "hook/state.h"
#include "hook/thread.h"
#include "stack/stack.h"

/* volatile: read by a signal handler of the thread that writes it. */
static __thread volatile bool inside INITIAL_EXEC;
static __thread bool forking INITIAL_EXEC;
static __thread int saved_errno INITIAL_EXEC;

bool tool_is_inside(void)
{
	return inside;
}

bool tool_is_forking(void)
{
	return forking;
}

void tool_set_inside(bool value)
{
	inside = value;
}

bool tool_begin_fork(void)
{
	forking = !inside;
	return forking;
}

void tool_end_fork(void)
{
	forking = false;
}

bool tool_guard(void)
{
	if (inside || forking)
		return false;
	if (!process_is_awake()) {
		/* Another thread is waking the library up: what happens here goes unrecorded. */
		keys_host.complete = false;
		return false;
	}
	saved_errno = errno;
	inside = true;
	thread_pause_counting();
	return true;
}

bool tool_enter(void)
{
	return !process.muted && tool_guard();
}

void tool_leave(void)
{
	thread_resume_counting();
	errno = saved_errno; /* first: the hook of a handler that comes now saves its own */
	inside = false;
}

bool tool_is_in_signal_handler(void)
{
	struct site site;
	stack_t alternate;

	if (sigaltstack(NULL, &alternate) == 0 && (alternate.ss_flags & SS_ONSTACK))
		return true;
	stack_capture_native(&site, NULL);
	return stack_in_signal_handler(&site);
}
