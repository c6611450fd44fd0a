/* SPDX-License-Identifier: MIT */
#include "babeltrace/live.h"

#include "babeltrace/graph.h"
#include "babeltrace/last_words.h"
#include "babeltrace/live_screen.h"
#include "babeltrace/quiet.h"
#include "babeltrace/signals.h"
#include "base/clock.h"
#include "cli/command.h"
#include "cli/joining.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_NS (100 * NS_PER_MS)
#define BATCHES 64

struct live {
	const struct arguments *arguments;
	struct live_shared *shared;
	const char *broken;
	struct outcome outcome;
	struct sink_client client;
	struct graph graph;
	struct live_screen screen;
	unsigned int batches;
	bool joined;
};

static void note_joined(struct live *live)
{
	if (!live->joined)
		joining_tell();
	live->joined = true;
}

static void take_part(struct sink_client *client)
{
	struct live *live = client->context;

	note_joined(live);
	if (++live->batches % BATCHES == 0)
		live_screen_refresh(&live->screen);
}

static enum graph_result follow(struct live *live)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	enum graph_result result;

	live_screen_begin(&live->screen, &live->client.reader.world,
			  &live->arguments->settings.print);
	live->client.progress = take_part;
	live->client.context = live;
	while ((result = graph_run(&live->graph)) == GRAPH_AGAIN && !signals_came()) {
		note_joined(live);
		live_screen_refresh(&live->screen);
		nanosleep(&pause, NULL);
	}
	return result;
}

static const char *why_nothing(const struct live *live, enum graph_result result)
{
	if (live->broken)
		return live->broken;
	return result == GRAPH_ERROR ? live->graph.error
				     : "no such session, or nothing was recorded in it";
}

bool live_earlier(const struct live_shared *shared, struct buffer *out)
{
	char part[4096];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(shared->earlier, part, sizeof(part), at)) > 0) {
		buffer_printf(out, "%.*s", (int)got, part);
		at += got;
	}
	return at > 0;
}

static void compose(struct live *live, struct buffer *text)
{
	struct reader *reader = &live->client.reader;

	if (!live->broken)
		outcome_judge_beginning(&live->outcome, &reader->world);
	print_world(text, &reader->world, &live->outcome, &live->arguments->settings.print,
		    layouts_refused(reader->layouts));
}

static bool met_nothing(const struct live *live)
{
	const struct world *world = &live->client.reader.world;

	return world->events + world->other == 0;
}

/* The session may go on, and another process follow it: only that one writes. */
static void leave_report(void *context, int signal)
{
	struct live *live = context;
	struct buffer text = {0};

	if (met_nothing(live))
		return;
	outcome_warn(&live->outcome,
		     "babeltrace2 broke down (%s): events that came then may be missing",
		     strsignal(signal));
	compose(live, &text);
	if (text.failed)
		return;
	if (live->arguments->settings.print.json &&
	    (ftruncate(live->shared->earlier, 0) != 0 || lseek(live->shared->earlier, 0, SEEK_SET)))
		return;
	for (size_t done = 0; done < text.length;) {
		ssize_t put = write(live->shared->earlier, text.data + done, text.length - done);

		if (put <= 0)
			return;
		done += (size_t)put;
	}
}

static int put(struct live *live, const struct buffer *text)
{
	char why[512] = "out of memory";

	live_screen_clear(&live->screen);
	if (!text->failed && settings_write(&live->arguments->settings, text, why, sizeof(why)))
		return EXIT_SUCCESS;
	complain("%s", why);
	return STATUS_SETUP;
}

static int finish(struct live *live, enum graph_result result)
{
	bool json = live->arguments->settings.print.json, nothing = met_nothing(live), earlier;
	struct buffer text = {0};
	int status;

	earlier = (nothing || !json) && live_earlier(live->shared, &text);
	if (nothing && !earlier && !signals_came()) {
		complain("%s: %s", live->outcome.trace, why_nothing(live, result));
		return STATUS_SETUP;
	}
	if (result == GRAPH_ERROR && !signals_came())
		outcome_warn(&live->outcome, "%s", live->graph.error);
	if (live->broken && !earlier)
		outcome_warn(&live->outcome, "%s", live->broken);
	if (!nothing || !earlier)
		compose(live, &text);
	status = put(live, &text);
	buffer_free(&text);
	return status;
}

static bool connect(struct live *live)
{
	bool good;

	quiet_begin();
	good = graph_begin(&live->graph, &live->client, &live->outcome) &&
	       graph_add_live(&live->graph, live->arguments->traces[0]);
	quiet_end();
	return good;
}

static int report(struct live *live)
{
	enum graph_result result;

	if (!reader_begin(&live->client.reader)) {
		complain("out of memory");
		return STATUS_SETUP;
	}
	if (!connect(live)) {
		complain("%s", live->graph.error);
		return STATUS_SETUP;
	}
	last_words_begin(leave_report, live);
	signals_interrupt(&live->graph);
	quiet_begin();
	result = follow(live);
	last_words_end();
	quiet_end();
	signals_interrupt(NULL);
	return finish(live, result);
}

int live_report(const struct arguments *arguments, struct live_shared *shared, const char *broken)
{
	struct live *live = calloc(1, sizeof(*live));
	int status;

	if (!live) {
		complain("out of memory");
		return STATUS_SETUP;
	}
	live->arguments = arguments;
	live->broken = broken;
	live->shared = shared;
	live->outcome.trace = arguments->traces[0];
	live->client.stop = UINT64_MAX;
	shared->status = status = report(live);
	shared->reported = true;
	quiet_begin();
	graph_free(&live->graph);
	reader_free(&live->client.reader);
	outcome_free(&live->outcome);
	quiet_end();
	free(live);
	return status;
}
