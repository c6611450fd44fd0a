/* SPDX-License-Identifier: MIT */
#include "hook/mutex_operation.h"

#include "hook/tool.h"
#include "stack/stack.h"

/* Code of the object file that it lives in uses it, too. */
static bool lives_among_unseen(const struct mutex_record *record)
{
	return record->module && !(mutex_caller(record->address) & CALLER_SEEN);
}

/*
 * One that is locked already when the first call for it comes was taken unseen, whoever seems to
 * call: behind a function that ends in a jump to ours, the caller's caller is seen instead.
 */
struct mutex_record *operation_record(const struct operation *operation)
{
	struct mutex_record *record = mutexes_find(operation->mutex);

	if (likely(record != NULL))
		return record;
	record = mutexes_get(operation->mutex, &operation->site);
	if (record && (operation->bits & MUTEX_LOCKED || lives_among_unseen(record)))
		operation_missed(record);
	return record;
}

void operation_take_stacks(struct operation *operation)
{
	if (operation->request.record->runtime)
		stack_capture_native(&operation->site, operation->site.caller);
	else
		stack_capture(&operation->site, operation->site.caller);
}

void operation_judge_garbage(struct operation *operation)
{
	if (!operation->request.thread || !tool_enter())
		return;
	stack_capture(&operation->site, operation->site.caller);
	mutexes_report_garbage(operation->mutex, operation->request.record, operation->bits,
			       &operation->site);
	tool_leave();
}
