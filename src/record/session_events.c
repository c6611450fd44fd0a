/* SPDX-License-Identifier: MIT */
#include "record/context.h"
#include "record/session_internal.h"

#include <lttng/lttng.h>
#include <stdio.h>
#include <string.h>

/* What a trace needs to be understood, more than the plan's: which libraries are where. */
#define OTHER_EVENTS "lttng_ust_statedump:*,lttng_ust_lib:*,lttng_ust_dl:*"
#define OTHER_CONTEXTS "vpid,vtid,procname,ip"

static enum session_result add_event(struct session *session, const char *name, size_t length)
{
	struct lttng_event *event = lttng_event_create();
	char printed[LTTNG_SYMBOL_NAME_LEN + 2];
	int error = -LTTNG_ERR_NOMEM;

	if (event) {
		snprintf(event->name, sizeof(event->name), "%.*s", (int)length, name);
		event->type = LTTNG_EVENT_TRACEPOINT;
		event->loglevel_type = LTTNG_EVENT_LOGLEVEL_ALL;
		error = lttng_enable_event(session->handle, event, SESSION_CHANNEL);
		lttng_event_destroy(event);
	}
	if (error >= 0 || error == -LTTNG_ERR_UST_EVENT_ENABLED)
		return SESSION_OPEN;
	snprintf(printed, sizeof(printed), " %.*s", (int)length, name);
	return session_failed("these events cannot be recorded:", printed, error);
}

static enum session_result add_all(struct session *session, const char *list)
{
	enum session_result result = SESSION_OPEN;

	for (size_t length; *list && result == SESSION_OPEN;
	     list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		result = add_event(session, list, length);
	}
	return result;
}

enum session_result session_add_events(struct session *session, const char *names)
{
	enum session_result result = add_all(session, names);

	return result == SESSION_OPEN ? add_all(session, OTHER_EVENTS) : result;
}

struct adding {
	struct session *session;
	enum session_result result;
};

static bool add_context(void *data, const char *name, int type)
{
	struct adding *adding = data;
	struct lttng_event_context context;
	int error;

	memset(&context, 0, sizeof(context));
	context.ctx = (enum lttng_event_context_type)type;
	error = lttng_add_context(adding->session->handle, &context, NULL, SESSION_CHANNEL);
	if (error < 0 && error != -LTTNG_ERR_UST_CONTEXT_EXIST)
		adding->result = session_failed("this context cannot be recorded: ", name, error);
	return adding->result == SESSION_OPEN;
}

enum session_result session_add_contexts(struct session *session, const char *more)
{
	struct adding adding = {session, SESSION_OPEN};

	if (contexts_each(OTHER_CONTEXTS, add_context, &adding) && more)
		contexts_each(more, add_context, &adding);
	return adding.result;
}
