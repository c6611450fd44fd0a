/* SPDX-License-Identifier: MIT */
#include "record/session_internal.h"

#include <lttng/lttng.h>
#include <stdio.h>
#include <stdlib.h>

/* How much is lost when LTTng's daemons die; a live session has a timer of its own. */
#define SWITCH_INTERVAL_US 1000000

#define METADATA_INTERVAL_US 100000

/* LTTng's own sizes for it. */
#define METADATA_BUFFER 4096
#define METADATA_BUFFERS 2

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
	channel->enabled = 1;
	channel->attr.switch_timer_interval = METADATA_INTERVAL_US;
	lttng_enable_channel(session->handle, channel);
	lttng_channel_destroy(channel);
}

static void set_channel(struct lttng_channel *channel, const struct plan *plan)
{
	snprintf(channel->name, sizeof(channel->name), "%s", SESSION_CHANNEL);
	channel->enabled = 1; /* LTTng 2.16 takes it by its word */
	if (plan->options->overwrite || plan->options->snapshot)
		channel->attr.overwrite = 1;
	else if (!plan->options->live)
		channel->attr.switch_timer_interval = SWITCH_INTERVAL_US;
}

enum session_result session_add_channels(struct session *session, struct lttng_domain *domain,
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
	return error < 0 ? session_failed("the channel cannot be made", "", error) : SESSION_OPEN;
}

void session_count_losses(const struct session *session, struct losses *losses)
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
