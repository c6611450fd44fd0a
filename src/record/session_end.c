/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "record/directory.h"
#include "record/session_internal.h"
#include "record/snapshot.h"

#include <lttng/lttng.h>
#include <string.h>
#include <time.h>

#define BLOCK 4096 /* bytes: less is no room at all */
#define PATIENCE_MS 60000
#define FULL_PATIENCE_MS 1000
#define PAUSE_MS 20

/* Milliseconds to wait for data that does not get to where it goes. */
static int patience(const struct plan *plan)
{
	return directory_is_full(plan) ? FULL_PATIENCE_MS : PATIENCE_MS;
}

/* False when it is still not there: LTTng itself would wait for ever. */
static bool wait_for_data(const char *name, const struct plan *plan)
{
	struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000};

	for (int waited = 0; lttng_data_pending(name) == 1; waited += PAUSE_MS) {
		if (waited > patience(plan))
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static void destroy(const char *name, const struct plan *plan)
{
	struct lttng_destruction_handle *handle = NULL;

	if (lttng_destroy_session_ext(name, &handle) == LTTNG_OK)
		lttng_destruction_handle_wait_for_completion(handle, patience(plan));
	lttng_destruction_handle_destroy(handle);
	if (plan->options->snapshot)
		snapshot_forget(name);
}

void session_forget(struct session *session)
{
	lttng_destroy_handle(session->handle);
	session->handle = NULL;
}

void session_leave(struct session *session, const struct plan *plan)
{
	destroy(session->name, plan);
	session_forget(session);
}

void session_end(const char *name, const struct plan *plan)
{
	if (lttng_stop_tracing_no_wait(name) >= 0)
		wait_for_data(name, plan);
	destroy(name, plan);
}

void session_close(struct session *session, const struct plan *plan, struct losses *losses)
{
	int error = 0;

	memset(losses, 0, sizeof(*losses));
	if (plan->options->snapshot)
		error = lttng_snapshot_record(session->name, NULL, 0);
	if (error < 0 && error != -LTTNG_ERR_NO_SESSIOND && error != -LTTNG_ERR_SNAPSHOT_NODATA)
		complain("the last snapshot cannot be written: %s", lttng_strerror(error));
	error = lttng_stop_tracing_no_wait(session->name);
	if (error >= 0 || error == -LTTNG_ERR_TRACE_ALREADY_STOPPED) {
		bool arrived = wait_for_data(session->name, plan);

		session_count_losses(session, losses);
		losses->known = arrived && losses->known;
		losses->disk_full = (!arrived && directory_is_full(plan)) ||
				    (plan->directory && directory_room(plan) < BLOCK);
	} else if (error == -LTTNG_ERR_NO_SESSIOND || error == -LTTNG_ERR_SESS_NOT_FOUND)
		complain("the session daemon, or its session, ended before the program did: the "
			 "trace is cut off there");
	else
		complain("the recording cannot be stopped: %s", lttng_strerror(error));
	session_leave(session, plan);
}

void session_cancel(struct session *session, const struct plan *plan)
{
	lttng_stop_tracing_no_wait(session->name);
	session_leave(session, plan);
}
