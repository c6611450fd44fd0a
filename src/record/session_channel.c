/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "record/session_internal.h"

#include <errno.h>
#include <lttng/lttng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>

/* How much is lost when LTTng's daemons die; a live session has a timer of its own. */
#define SWITCH_INTERVAL_US 1000000

#define METADATA_INTERVAL_US 100000

/* LTTng's own sizes for it. */
#define METADATA_BUFFER 4096
#define METADATA_BUFFERS 2

/* Where LTTng has all buffers, and how small they get where there is little room. */
#define MEMORY "/dev/shm"
#define LEAST_BUFFER (32U << 10)
#define PAGE 4096
#define METADATA_ROOM (64U << 10)

/*
 * Without it nothing of a trace can be read, and LTTng writes it last: when its daemons die or the
 * disk is full, too late. False where that cannot be changed, as from LTTng 2.16 on.
 */
static bool hasten_metadata(struct session *session, struct lttng_domain *domain)
{
	struct lttng_channel *channel = lttng_channel_create(domain);
	int error;

	if (!channel)
		return false;
	snprintf(channel->name, sizeof(channel->name), "metadata");
	channel->attr.subbuf_size = METADATA_BUFFER;
	channel->attr.num_subbuf = METADATA_BUFFERS;
	channel->enabled = 1;
	channel->attr.switch_timer_interval = METADATA_INTERVAL_US;
	error = lttng_enable_channel(session->handle, channel);
	lttng_channel_destroy(channel);
	return error >= 0;
}

/* For each processor that many buffers, and one that is read; each has a head. */
static uint64_t needed(const struct lttng_channel *channel)
{
	return (uint64_t)get_nprocs_conf() * (channel->attr.num_subbuf + 1) *
		       (channel->attr.subbuf_size + PAGE) +
	       METADATA_ROOM;
}

/* Without it LTTng's library does not speak to the daemon, and neither says a word. */
bool session_has_memory(void)
{
	struct statvfs status;
	int error = 0;

	if (statvfs(MEMORY, &status) != 0)
		error = errno;
	else if (status.f_flag & ST_RDONLY)
		error = EROFS;
	if (error)
		complain("nothing can be recorded: LTTng needs " MEMORY
			 " for its buffers, a tmpfs that can be written to: %s",
			 strerror(error));
	return !error;
}

/*
 * With too little room LTTng records nothing, says nothing, and the program may die of SIGBUS.
 * Containers have 64 MiB by default, which is too little from 25 processors on. False after one
 * line when not even the smallest buffers fit.
 */
static bool fit_memory(struct lttng_channel *channel)
{
	struct statvfs status;
	uint64_t room;

	if (statvfs(MEMORY, &status) != 0 || !status.f_blocks)
		return true;
	room = (uint64_t)status.f_bavail * status.f_frsize;
	while (needed(channel) > room && channel->attr.subbuf_size / 2 >= LEAST_BUFFER)
		channel->attr.subbuf_size /= 2;
	if (needed(channel) <= room)
		return true;
	complain("nothing can be recorded: LTTng needs %llu KiB for its buffers in " MEMORY
		 ", where %llu are free",
		 (unsigned long long)needed(channel) >> 10, (unsigned long long)room >> 10);
	return false;
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
	bool fits = !channel || fit_memory(channel);

	session->late = !plan->options->live && !plan->options->snapshot &&
			!hasten_metadata(session, domain);
	if (channel) {
		set_channel(channel, plan);
		if (fits)
			error = lttng_enable_channel(session->handle, channel);
		lttng_channel_destroy(channel);
	}
	if (!fits)
		return SESSION_FAILED;
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
