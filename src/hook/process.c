/* SPDX-License-Identifier: MIT */
#include "hook/process.h"

#include "hook/state.h"
#include "hook/thread.h"
#include "hook/tool.h"
#include "report/guard.h"
#include "report/output.h"
#include "report/report.h"

#include <stdio.h>
#include <unistd.h>

struct process process;

bool process_is_awake(void)
{
	return __atomic_load_n(&process.state, __ATOMIC_ACQUIRE) == AWAKE;
}

bool process_has_begun_to_wake(void)
{
	return __atomic_load_n(&process.state, __ATOMIC_ACQUIRE) != ASLEEP;
}

bool process_is_asleep(void)
{
	return __atomic_load_n(&process.state, __ATOMIC_ACQUIRE) < AWAKE;
}

bool process_is_own(void)
{
	return !process_is_awake() || getpid() == process.pid;
}

static int write_report(int status, bool anything_seen)
{
	report_forget_leaks();
	keys_report_live();
	return report_write(status, anything_seen);
}

/* A forked child that did nothing says nothing. */
static void say_cut_short(bool anything_seen)
{
	struct guard guard;
	char line[160];
	int length;

	if (process.options.quiet || (process.forked && !anything_seen))
		return;
	/* Not dprintf(), which may allocate. */
	length = snprintf(
		line, sizeof(line),
		"==%d==pythread-trace: the program ends in a signal handler: what was found "
		"in it, leaks, notes and the summary are left out\n",
		process.pid);
	if (!guard_enter(&guard))
		return;
	output_stderr(&(struct buffer){.data = line, .length = (size_t)length});
	guard_leave(&guard);
}

/* Whether this is a signal handler does not matter then, as nothing will be allocated. */
static bool is_nothing_to_say(void)
{
	return process.options.quiet && !keys_any_live() && !report_any_finding();
}

int process_report(int status)
{
	int asked = -1;

	if (!process_is_awake() || !process_is_own() || !tool_enter())
		return -1;
	if (!is_nothing_to_say() && tool_is_in_signal_handler())
		say_cut_short(thread_called_from_outside());
	else
		asked = write_report(status, thread_called_from_outside());
	tool_leave();
	return asked;
}

void process_report_before_exec(void)
{
	bool anything_seen;

	if (!process_is_awake() || !process_is_own() || !tool_enter())
		return;
	/* A subprocess begins as a fork that calls exec: with nothing found, not worth a line. */
	anything_seen = !process.forked && thread_called_from_outside();
	if (tool_is_in_signal_handler())
		say_cut_short(anything_seen);
	else
		write_report(-1, anything_seen);
	tool_leave();
}
