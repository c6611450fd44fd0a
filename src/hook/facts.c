/* SPDX-License-Identifier: MIT */
#include "hook/facts.h"

#include "config.h"
#include "hook/beside.h"
#include "hook/facts_mutex.h"
#include "hook/functions.h"
#include "hook/redirect.h"
#include "hook/runtime.h"
#include "hook/thread.h"
#include "hook/withdraw.h"
#include "stack/modules.h"
#include "stack/python.h"
#include "stack/stack.h"

#include <stdio.h>
#include <string.h>

/* All of these are only used while a report is written: one thread at a time. */
static struct report_hook hooks[FUNCTION_COUNT];
static struct report_owner owners[KEY_MODULES];
static struct keys_count count;

static void collect_hooks(struct report_facts *facts)
{
	struct report_hook *hook = hooks;

	for (unsigned int i = 0; i < FUNCTION_COUNT; i++) {
		if (withdraw_is_absent(i))
			continue;
		hook->function = functions[i].name;
		hook->how = redirect_how(i, &hook->hooked);
		hook->calls = thread_calls((enum function)i);
		hook++;
	}
	facts->hooks = hooks;
	facts->hook_count = (unsigned int)(hook - hooks);
}

static void collect_keys(struct report_facts *facts)
{
	unsigned int used = 0;

	keys_count(&count);
	facts->keys_limit = KEY_SLOTS;
	facts->keys_live = count.live;
	facts->keys_peak = count.peak;
	for (uint32_t i = 0; i < KEY_MODULES; i++) {
		const struct module *module = module_get(i);
		unsigned int live = count.by_module[i].live, created = count.by_module[i].created;

		if (i == 0)
			live += count.untold;
		if (live || created)
			owners[used++] = (struct report_owner){module ? module->path : NULL, live,
							       created > live ? created : live};
	}
	facts->owners = owners;
	facts->owner_count = used;
}

void facts_collect(struct report_facts *facts, const struct report_wanted *wanted)
{
	memset(facts, 0, sizeof(*facts));
	facts->python_version = python_version();
	facts->free_threaded = python_free_threaded();
	if (runtime_is_known())
		facts->python_build = runtime_is_executable() ? "executable" : "shared";
	else
		facts->python_build = "none";
	facts->dropped = keys_dropped() + stack_dropped() + thread_dropped() + mutexes_dropped();
	facts->native_stack_refusal = stack_native_refusal();
	facts->python_stack_refusal = python_refusal();
	collect_hooks(facts);
	collect_keys(facts);
	facts_collect_mutexes(facts, wanted);
}

const char *facts_plugin_path(void)
{
	static char path[PATH_MAX];

	if (!beside_library(path, PACKAGE "/report.so") &&
	    !beside_library(path, "../../report/.libs/report.so"))
		snprintf(path, sizeof(path), "%s/report.so", PLUGIN_DIRECTORY);
	return path;
}
