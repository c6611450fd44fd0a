/* SPDX-License-Identifier: MIT */
/* The annotation API of include/pythread-trace/. */
#define PYTHREAD_TRACE_BUILDING
#include "hook/process.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "model/keys.h"
#include "model/mutexes.h"

#include <pythread-trace/pythread-trace.h>

void pythread_trace_report(void)
{
	trace_hold_state(true);
	process_report(-1);
	trace_hold_state(false);
}

void pythread_trace_name(const void *object, const char *name)
{
	process_wake();
	if (!object || !name || !tool_enter())
		return;
	/* Whatever it is: nobody may have used it yet. */
	keys_name_tss(object, name);
	mutexes_name(object, name, &(struct site){.caller = __builtin_return_address(0)});
	trace_renamed(object, name);
	tool_leave();
}

void pythread_trace_name_key(int key, const char *name)
{
	if (!name || !tool_enter())
		return;
	keys_name_legacy(key, name);
	trace_renamed_key(key, name);
	tool_leave();
}
