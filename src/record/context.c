/* SPDX-License-Identifier: MIT */
#include "record/context.h"

#include "cli/command.h"

#include <lttng/lttng.h>
#include <string.h>

/*
 * Without performance counters: where the machine has none, LTTng records no event at all and says
 * nothing. Without application contexts too, which have a name of their own each.
 */
static const struct context {
	const char *name;
	int type;
} contexts[] = {
	{"vpid", LTTNG_EVENT_CONTEXT_VPID},
	{"vtid", LTTNG_EVENT_CONTEXT_VTID},
	{"procname", LTTNG_EVENT_CONTEXT_PROCNAME},
	{"ip", LTTNG_EVENT_CONTEXT_IP},
	{"pthread_id", LTTNG_EVENT_CONTEXT_PTHREAD_ID},
	{"cgroup_ns", LTTNG_EVENT_CONTEXT_CGROUP_NS},
	{"ipc_ns", LTTNG_EVENT_CONTEXT_IPC_NS},
	{"mnt_ns", LTTNG_EVENT_CONTEXT_MNT_NS},
	{"net_ns", LTTNG_EVENT_CONTEXT_NET_NS},
	{"pid_ns", LTTNG_EVENT_CONTEXT_PID_NS},
	{"time_ns", LTTNG_EVENT_CONTEXT_TIME_NS},
	{"user_ns", LTTNG_EVENT_CONTEXT_USER_NS},
	{"uts_ns", LTTNG_EVENT_CONTEXT_UTS_NS},
	{"vuid", LTTNG_EVENT_CONTEXT_VUID},
	{"veuid", LTTNG_EVENT_CONTEXT_VEUID},
	{"vsuid", LTTNG_EVENT_CONTEXT_VSUID},
	{"vgid", LTTNG_EVENT_CONTEXT_VGID},
	{"vegid", LTTNG_EVENT_CONTEXT_VEGID},
	{"vsgid", LTTNG_EVENT_CONTEXT_VSGID},
};

static const struct context *find(const char *name, size_t length)
{
	for (size_t i = 0; i < countof(contexts); i++) {
		if (strlen(contexts[i].name) == length &&
		    memcmp(contexts[i].name, name, length) == 0)
			return &contexts[i];
	}
	return NULL;
}

bool contexts_check(const char *list)
{
	for (size_t length; *list; list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		if (!find(list, length)) {
			complain("--context: '%.*s' is no context that can be recorded; "
				 "pythread-trace(1) lists them",
				 (int)length, list);
			return false;
		}
	}
	return true;
}

bool contexts_each(const char *list, bool (*call)(void *data, const char *name, int type),
		   void *data)
{
	for (size_t length; *list; list += length + (list[length] == ',')) {
		const struct context *context;

		length = strcspn(list, ",");
		context = find(list, length);
		if (context && !call(data, context->name, context->type))
			return false;
	}
	return true;
}
