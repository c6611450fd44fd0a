/* SPDX-License-Identifier: MIT */
#include "record/end.h"

#include "base/buffer.h"
#include "cli/command.h"
#include "record/count.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As a shell takes it for one word. */
static void add_word(struct buffer *line, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%+=:,./_-";

	if (text[strspn(text, plain)] == '\0') {
		buffer_printf(line, "%s", text);
		return;
	}
	buffer_printf(line, "'");
	for (; *text; text++) {
		if (*text == '\'')
			buffer_printf(line, "'\\''");
		else
			buffer_add(line, text, 1);
	}
	buffer_printf(line, "'");
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* LTTng's numbers, or the trace's own where it knows of more. */
static void add_losses(struct buffer *line, const struct losses *losses,
		       const struct contents *contents)
{
	uint64_t events =
		losses->events > contents->discarded ? losses->events : contents->discarded;
	uint64_t packets =
		losses->packets > contents->packets ? losses->packets : contents->packets;

	if (!losses->known && !events)
		buffer_printf(line, "how many were lost is not known");
	else if (events)
		buffer_printf(line, "%" PRIu64 " event%s lost%s", events, plural(events),
			      losses->known ? "" : " at least");
	else if (!packets)
		buffer_printf(line, "none lost");
	if (packets)
		buffer_printf(line, "%s%" PRIu64 " packet%s of older ones overwritten",
			      events || !losses->known ? ", " : "", packets, plural(packets));
}

/*
 * LTTng tells of each program which libraries it has. Where there is not even that, it recorded
 * nothing, and knows of nothing that was lost either.
 */
static void add_contents(struct buffer *line, const struct plan *plan, const struct losses *losses)
{
	struct contents contents;
	bool nothing;

	count_contents(&contents, plan->directory);
	/* That the oldest ones go is what snapshots are for. */
	if (plan->options->snapshot)
		contents.packets = 0;
	nothing = contents.events == 0 && contents.complete;
	if (contents.events == 0)
		buffer_printf(line,
			      nothing ? "nothing was recorded" : "its events cannot be counted");
	else
		buffer_printf(line, "%s%" PRIu64 " event%s", contents.complete ? "" : "at least ",
			      contents.events, plural(contents.events));
	if (nothing && losses->known && !losses->events && !losses->disk_full)
		return;
	buffer_printf(line, ", ");
	if (losses->disk_full)
		buffer_printf(line, "the disk is full, and what came after that is lost");
	else
		add_losses(line, losses, &contents);
	if (contents.traces > 1)
		buffer_printf(line, "; %u traces", contents.traces);
	if (contents.events && !contents.complete)
		buffer_printf(line, "; its end cannot be read");
}

/* What is there: the relay daemon has a directory for each host, whatever the URL's path is. */
static void add_relayed(struct buffer *line, const struct plan *plan, const struct session *session)
{
	char own[256] = "";

	gethostname(own, sizeof(own) - 1);
	if (plan->relay.path[strspn(plan->relay.path, "/")])
		buffer_printf(line, "the trace %s%s is at %s: ", own, plan->relay.path,
			      plan->relay.host);
	else
		buffer_printf(line, "the trace %s is at %s: ", session->name, plan->relay.host);
}

void end_report(const struct plan *plan, const struct session *session, const struct losses *losses,
		int relay)
{
	struct buffer line = {0};

	if (plan->to_relay) {
		add_relayed(&line, plan, session);
		add_losses(&line, losses, &(struct contents){0});
		if (url_is_gone(relay))
			buffer_printf(&line, ", but the relay daemon went away in between, and "
					     "what came after that is lost");
		buffer_printf(&line, "; the events are counted there, type: pythread-trace "
				     "report DIR");
	} else {
		buffer_printf(&line, "the trace is %s: ", plan->directory);
		add_contents(&line, plan, losses);
		buffer_printf(&line, "; next, type: pythread-trace report ");
		add_word(&line, plan->directory);
	}
	complain("%s", line.data ? line.data : "there is no memory left to say where the trace is");
	buffer_free(&line);
}
