/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "record/session_internal.h"
#include "record/snapshot.h"

#include <lttng/lttng.h>
#include <string.h>

enum session_result session_failed(const char *what, const char *name, int error)
{
	int code = error < 0 ? -error : error;

	if (code == LTTNG_ERR_NO_SESSIOND)
		return SESSION_ORPHANED;
	complain("%s%s: %s", what, name, lttng_strerror(-code));
	return SESSION_FAILED;
}

static enum session_result begin(struct session *session, const struct plan *plan)
{
	int error = plan->options->snapshot ? snapshot_arm(session->name) : LTTNG_OK;

	if (error != LTTNG_OK)
		return session_failed("no snapshot can be arranged", "", error);
	error = lttng_start_tracing(session->name);
	return error < 0 ? session_failed("the recording cannot be started", "", error)
			 : SESSION_OPEN;
}

static enum session_result fill(struct session *session, const struct plan *plan)
{
	struct lttng_domain domain;
	enum session_result result;

	memset(&domain, 0, sizeof(domain));
	domain.type = LTTNG_DOMAIN_UST;
	domain.buf_type = LTTNG_BUFFER_PER_UID;
	session->handle = lttng_create_handle(session->name, &domain);
	if (!session->handle)
		return session_failed("the recording session cannot be used", "", LTTNG_ERR_NOMEM);
	result = session_add_channels(session, &domain, plan);
	if (result == SESSION_OPEN)
		result = session_add_events(session, plan->events);
	if (result == SESSION_OPEN)
		result = session_add_contexts(session, plan->options->context);
	return result == SESSION_OPEN ? begin(session, plan) : result;
}

enum session_result session_open(struct session *session, const struct plan *plan)
{
	enum session_result result = fill(session, plan);

	if (result != SESSION_OPEN)
		session_leave(session, plan);
	return result;
}
