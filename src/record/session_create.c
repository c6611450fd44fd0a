/* SPDX-License-Identifier: MIT */
#include "record/session_internal.h"

#include <dlfcn.h>
#include <lttng/lttng.h>
#include <stdio.h>
#include <string.h>

#define NAMES_TRIED 20
#define CTF_1_8 1 /* enum lttng_trace_format, of LTTng 2.15 */

static struct lttng_session_descriptor *describe(const char *name, const struct plan *plan)
{
	bool network = plan->to_relay || plan_wants_relay(plan);
	char url[2048];

	if (network)
		url_print(&plan->relay, url, sizeof(url));
	if (plan->options->live)
		return lttng_session_descriptor_live_network_create(name, url, NULL,
								    SESSION_LIVE_INTERVAL_US);
	if (plan->options->snapshot)
		return network ? lttng_session_descriptor_snapshot_network_create(name, url, NULL)
			       : lttng_session_descriptor_snapshot_local_create(name,
										plan->directory);
	return network ? lttng_session_descriptor_network_create(name, url, NULL)
		       : lttng_session_descriptor_local_create(name, plan->directory);
}

/* From 2.15 on LTTng writes CTF 2 unless told otherwise, and older ones cannot be told. */
static void choose_format(struct lttng_session_descriptor *descriptor)
{
	int (*set)(struct lttng_session_descriptor *, int);
	void *found = dlsym(RTLD_DEFAULT, "lttng_session_descriptor_set_trace_format");

	memcpy(&set, &found, sizeof(set));
	if (set)
		set(descriptor, CTF_1_8);
}

/* An errno of LTTng's, positive. */
static int create_named(const char *name, const struct plan *plan)
{
	struct lttng_session_descriptor *descriptor = describe(name, plan);
	int error;

	if (!descriptor)
		return LTTNG_ERR_INVALID;
	choose_format(descriptor);
	error = (int)lttng_create_session_ext(descriptor);
	lttng_session_descriptor_destroy(descriptor);
	return error;
}

/* A process number is not unique where containers share a daemon. */
enum session_result session_create(struct session *session, const struct plan *plan)
{
	int error = LTTNG_ERR_EXIST_SESS;

	snprintf(session->name, sizeof(session->name), "%s", plan->name);
	for (int i = 2; i < NAMES_TRIED; i++) {
		error = create_named(session->name, plan);
		if (error != LTTNG_ERR_EXIST_SESS)
			break;
		snprintf(session->name, sizeof(session->name), "%.140s-%d", plan->name, i);
	}
	return error == LTTNG_OK
		       ? SESSION_OPEN
		       : session_failed("the recording session cannot be made", "", error);
}
