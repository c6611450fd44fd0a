/* SPDX-License-Identifier: MIT */
#include "babeltrace/view_internal.h"

#include <string.h>

bool view_keys(struct making *making)
{
	const struct made_keys *keys = &making->process->keys;
	struct report_facts *facts = &making->view->facts;
	struct report_owner *owners;
	unsigned int count = 0;

	for (const struct key_owner *owner = keys->owners; owner; owner = owner->next)
		count++;
	owners = pool_take(&making->view->pool, count, sizeof(*owners));
	if (!owners)
		return false;
	for (const struct key_owner *owner = keys->owners; owner; owner = owner->next)
		owners[facts->owner_count++] =
			(struct report_owner){owner->module, owner->live, owner->created};
	facts->owners = owners;
	facts->keys_limit = keys->limit;
	facts->keys_live = keys->live;
	facts->keys_peak = keys->peak;
	return true;
}

static void fill_process(struct making *making)
{
	const struct process *process = making->process;
	struct document *document = &making->view->document;
	struct report_facts *facts = &making->view->facts;

	document->pid = process->vpid;
	document->ppid = process->ppid;
	document->exit_status = -1;
	document->facts = facts;
	facts->python_version = process->python_version;
	facts->python_build = process->python_build;
	facts->free_threaded = process->free_threaded;
}

bool view_make(struct view *view, struct process *process, const struct view_wanted *wanted)
{
	struct making making = {view, process, wanted, *process->recorded};

	memset(view, 0, sizeof(*view));
	view->process = process;
	fill_process(&making);
	return view_keys(&making) && view_findings(&making) && view_mutexes(&making) &&
	       view_waits(&making) && view_longest(&making);
}

void view_free(struct view *view)
{
	pool_free(&view->pool);
}
