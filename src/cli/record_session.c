/* SPDX-License-Identifier: MIT */
#include "cli/record_session.h"

#include "cli/command.h"
#include "cli/record_context.h"
#include "cli/record_directory.h"
#include "cli/record_snapshot.h"

#include <dlfcn.h>
#include <lttng/lttng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHANNEL "pythread"
#define LIVE_INTERVAL_US 1000000

/* How much is lost when LTTng's daemons die; a live session has a timer of its own. */
#define SWITCH_INTERVAL_US 1000000

#define BLOCK 4096 /* bytes: less is no room at all */
#define PATIENCE_MS 60000
#define FULL_PATIENCE_MS 1000
#define PAUSE_MS 20

#define METADATA_INTERVAL_US 100000

/* LTTng's own sizes for it. */
#define METADATA_BUFFER 4096
#define METADATA_BUFFERS 2

#define NAMES_TRIED 20
#define CTF_1_8 1 /* enum lttng_trace_format, of LTTng 2.15 */

/* What a trace needs to be understood: which libraries are where. */
#define OTHER_EVENTS "lttng_ust_statedump:*,lttng_ust_lib:*,lttng_ust_dl:*"
#define OTHER_CONTEXTS "vpid,vtid,procname,ip"

/* LTTng's error numbers, of either sign. */
static enum session_result failed(const char *what, const char *name, int error)
{
	int code = error < 0 ? -error : error;

	if (code == LTTNG_ERR_NO_SESSIOND)
		return SESSION_ORPHANED;
	complain("%s%s: %s", what, name, lttng_strerror(-code));
	return SESSION_FAILED;
}

static struct lttng_session_descriptor *describe(const char *name, const struct plan *plan)
{
	bool network = plan->to_relay || plan_wants_relay(plan);
	char url[2048];

	if (network)
		url_print(&plan->relay, url, sizeof(url));
	if (plan->options->live)
		return lttng_session_descriptor_live_network_create(name, url, NULL,
								    LIVE_INTERVAL_US);
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
static enum session_result create(struct session *session, const struct plan *plan)
{
	int error = LTTNG_ERR_EXIST_SESS;

	snprintf(session->name, sizeof(session->name), "%s", plan->name);
	for (int i = 2; i < NAMES_TRIED; i++) {
		error = create_named(session->name, plan);
		if (error != LTTNG_ERR_EXIST_SESS)
			break;
		snprintf(session->name, sizeof(session->name), "%.140s-%d", plan->name, i);
	}
	return error == LTTNG_OK ? SESSION_OPEN
				 : failed("the recording session cannot be made", "", error);
}

/*
 * Without it nothing of a trace can be read, and LTTng writes it last: when its daemons die or the
 * disk is full, too late. Where this version does not allow that, it stays so.
 */
static void hasten_metadata(struct session *session, struct lttng_domain *domain)
{
	struct lttng_channel *channel = lttng_channel_create(domain);

	if (!channel)
		return;
	snprintf(channel->name, sizeof(channel->name), "metadata");
	channel->attr.subbuf_size = METADATA_BUFFER;
	channel->attr.num_subbuf = METADATA_BUFFERS;
	channel->attr.switch_timer_interval = METADATA_INTERVAL_US;
	lttng_enable_channel(session->handle, channel);
	lttng_channel_destroy(channel);
}

static void set_channel(struct lttng_channel *channel, const struct plan *plan)
{
	snprintf(channel->name, sizeof(channel->name), "%s", CHANNEL);
	if (plan->options->overwrite || plan->options->snapshot)
		channel->attr.overwrite = 1;
	else if (!plan->options->live)
		channel->attr.switch_timer_interval = SWITCH_INTERVAL_US;
}

static enum session_result add_channels(struct session *session, struct lttng_domain *domain,
					const struct plan *plan)
{
	struct lttng_channel *channel = lttng_channel_create(domain);
	int error = -LTTNG_ERR_NOMEM;

	if (!plan->options->live && !plan->options->snapshot)
		hasten_metadata(session, domain);
	if (channel) {
		set_channel(channel, plan);
		error = lttng_enable_channel(session->handle, channel);
		lttng_channel_destroy(channel);
	}
	return error < 0 ? failed("the channel cannot be made", "", error) : SESSION_OPEN;
}

static enum session_result add_event(struct session *session, const char *name, size_t length)
{
	struct lttng_event *event = lttng_event_create();
	char printed[LTTNG_SYMBOL_NAME_LEN + 2];
	int error = -LTTNG_ERR_NOMEM;

	if (event) {
		snprintf(event->name, sizeof(event->name), "%.*s", (int)length, name);
		event->type = LTTNG_EVENT_TRACEPOINT;
		event->loglevel_type = LTTNG_EVENT_LOGLEVEL_ALL;
		error = lttng_enable_event(session->handle, event, CHANNEL);
		lttng_event_destroy(event);
	}
	if (error >= 0 || error == -LTTNG_ERR_UST_EVENT_ENABLED)
		return SESSION_OPEN;
	snprintf(printed, sizeof(printed), " %.*s", (int)length, name);
	return failed("these events cannot be recorded:", printed, error);
}

static enum session_result add_events(struct session *session, const char *list)
{
	enum session_result result = SESSION_OPEN;

	for (size_t length; *list && result == SESSION_OPEN;
	     list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		result = add_event(session, list, length);
	}
	return result;
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
	error = lttng_add_context(adding->session->handle, &context, NULL, CHANNEL);
	if (error < 0 && error != -LTTNG_ERR_UST_CONTEXT_EXIST)
		adding->result = failed("this context cannot be recorded: ", name, error);
	return adding->result == SESSION_OPEN;
}

static enum session_result add_contexts(struct session *session, const char *more)
{
	struct adding adding = {session, SESSION_OPEN};

	if (contexts_each(OTHER_CONTEXTS, add_context, &adding) && more)
		contexts_each(more, add_context, &adding);
	return adding.result;
}

static enum session_result begin(struct session *session, const struct plan *plan)
{
	int error = plan->options->snapshot ? snapshot_arm(session->name) : LTTNG_OK;

	if (error != LTTNG_OK)
		return failed("no snapshot can be arranged", "", error);
	error = lttng_start_tracing(session->name);
	return error < 0 ? failed("the recording cannot be started", "", error) : SESSION_OPEN;
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
		return failed("the recording session cannot be used", "", LTTNG_ERR_NOMEM);
	result = add_channels(session, &domain, plan);
	if (result == SESSION_OPEN)
		result = add_events(session, plan->events);
	if (result == SESSION_OPEN)
		result = add_events(session, OTHER_EVENTS);
	if (result == SESSION_OPEN)
		result = add_contexts(session, plan->options->context);
	return result == SESSION_OPEN ? begin(session, plan) : result;
}

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

static void leave(struct session *session, const struct plan *plan)
{
	destroy(session->name, plan);
	lttng_destroy_handle(session->handle);
	session->handle = NULL;
}

void session_end(const char *name, const struct plan *plan)
{
	if (lttng_stop_tracing_no_wait(name) >= 0)
		wait_for_data(name, plan);
	destroy(name, plan);
}

enum session_result session_open(struct session *session, const struct plan *plan)
{
	enum session_result result;

	session->handle = NULL;
	result = create(session, plan);
	if (result != SESSION_OPEN)
		return result;
	result = fill(session, plan);
	if (result != SESSION_OPEN)
		leave(session, plan);
	return result;
}

/* What the channels say, of all programs that recorded into them. */
static void count_losses(const struct session *session, struct losses *losses)
{
	struct lttng_channel *channels = NULL;
	int count = lttng_list_channels(session->handle, &channels);

	losses->known = count > 0;
	for (int i = 0; i < count; i++) {
		uint64_t events = 0, packets = 0;

		losses->known =
			losses->known &&
			lttng_channel_get_discarded_event_count(&channels[i], &events) == 0 &&
			lttng_channel_get_lost_packet_count(&channels[i], &packets) == 0;
		losses->events += events;
		losses->packets += packets;
	}
	free(channels);
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

		count_losses(session, losses);
		losses->known = arrived && losses->known;
		losses->disk_full = (!arrived && directory_is_full(plan)) ||
				    (plan->directory && directory_room(plan) < BLOCK);
	} else if (error == -LTTNG_ERR_NO_SESSIOND || error == -LTTNG_ERR_SESS_NOT_FOUND)
		complain("the session daemon, or its session, ended before the program did: the "
			 "trace is cut off there");
	else
		complain("the recording cannot be stopped: %s", lttng_strerror(error));
	leave(session, plan);
}

void session_cancel(struct session *session, const struct plan *plan)
{
	lttng_stop_tracing_no_wait(session->name);
	leave(session, plan);
}
