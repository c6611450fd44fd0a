/* SPDX-License-Identifier: MIT */
#include "hook/tool.h"

#include "hook/state.h"
#include "hook/thread.h"
#include "stack/stack.h"

#include <errno.h>
#include <signal.h>

/* volatile: read by a signal handler of the thread that writes it. */
static __thread volatile bool inside INITIAL_EXEC;
static __thread volatile bool forking INITIAL_EXEC;
static __thread volatile unsigned int unguarded_forks INITIAL_EXEC; /* begun, not ended */
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

bool tool_set_busy(bool busy)
{
	bool was_inside = inside;

	if (busy && !was_inside) {
		inside = true;
		thread_pause_counting();
	} else if (!busy && was_inside) {
		thread_resume_counting();
		inside = false;
	}
	return was_inside;
}

bool tool_begin_fork(void)
{
	if (inside || forking || __atomic_load_n(&process.state, __ATOMIC_ACQUIRE) == LOST) {
		unguarded_forks++;
		return false;
	}
	forking = true;
	return true;
}

bool tool_end_unguarded_fork(void)
{
	if (!unguarded_forks)
		return false;
	unguarded_forks--;
	return true;
}

void tool_end_fork(void)
{
	forking = false;
}

bool tool_guard(void)
{
	if (inside || forking)
		return false;
	if (unlikely(__atomic_load_n(&process.state, __ATOMIC_ACQUIRE) != AWAKE)) {
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
