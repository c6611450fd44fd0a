/* SPDX-License-Identifier: MIT */
/*
 * To notice that a session begins to record: LTTng has a tracepoint of its own where it begins to
 * tell that session which libraries are loaded, whether or not the session records that.
 */
#include "tracepoints/internal.h"

#include <errno.h>
#include <lttng/tracepoint.h>

#define STATEDUMP "lttng_ust_statedump"
/* The tracepoint's parameters as LTTng spells them: it connects no others. */
#define STATEDUMP_START_SIGNATURE "struct lttng_ust_session *, session"

static const struct trace_host *library;

static void dump(void)
{
	int error = errno;

	library->statedump();
	errno = error;
}

/* In LTTng's thread for its session daemon. */
static void session_starts(void *data, void *session)
{
	(void)data;
	(void)session;
	dump();
}

void session_attach(const struct trace_host *host)
{
	library = host;
	lttng_ust_tracepoint_provider_register(STATEDUMP, "start", (void (*)(void))session_starts,
					       NULL, STATEDUMP_START_SIGNATURE);
	/* Sessions that were told everything while LTTng's library was being loaded. */
	dump();
}
