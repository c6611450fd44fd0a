/* SPDX-License-Identifier: MIT */
#include "babeltrace/recorded.h"

#include "babeltrace/graph.h"
#include "babeltrace/patience.h"
#include "babeltrace/progress.h"
#include "babeltrace/quiet.h"
#include "babeltrace/signals.h"
#include "cli/command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct recorded {
	const struct arguments *arguments;
	struct trace_list traces;
	struct outcome outcome;
	struct sink_client client;
	struct graph graph;
	struct progress progress;
	bool distrustful;
};

static void show_progress(struct sink_client *client)
{
	struct recorded *recorded = client->context;

	progress_show(&recorded->progress, &recorded->graph.range, client->reader.world.end,
		      client->reader.world.events + client->reader.world.other);
}

#define NO_TRACE "there is no trace in it (no file 'metadata' at any depth)"

static unsigned int met(const struct trace_list *traces)
{
	return traces->count + traces->newer_format + traces->cut + traces->unreadable;
}

static bool find(struct recorded *recorded)
{
	char why[512];

	for (int i = 0; i < recorded->arguments->trace_count; i++) {
		const char *path = recorded->arguments->traces[i];
		unsigned int before = met(&recorded->traces);

		if (!traces_find(&recorded->traces, path, why, sizeof(why))) {
			complain("%s", why);
			return false;
		}
		if (met(&recorded->traces) == before)
			outcome_warn(&recorded->outcome, "%s: " NO_TRACE, path);
	}
	return true;
}

/* There is nothing to read: why. */
static bool explain_nothing(const struct recorded *recorded)
{
	const struct trace_list *traces = &recorded->traces;
	const char *named = recorded->arguments->traces[0];

	if (traces->newer_format)
		complain("%s: a trace in CTF 2, which babeltrace2 %u.%u cannot read: record it in "
			 "CTF 1.8",
			 named, bt_version_get_major(), bt_version_get_minor());
	else if (traces->cut)
		complain("%s: damaged or cut off", traces->cut_path);
	else if (traces->unreadable)
		complain("%s: may not be read", traces->unreadable_path);
	else
		complain("%s: " NO_TRACE, named);
	return false;
}

static bool find_any(struct recorded *recorded)
{
	const struct trace_list *traces = &recorded->traces;

	if (!find(recorded))
		return false;
	if (!traces->count)
		return explain_nothing(recorded);
	if (traces->newer_format)
		outcome_warn(&recorded->outcome,
			     "%u traces in CTF 2 were passed over: this babeltrace2 cannot read "
			     "them",
			     traces->newer_format);
	if (traces->cut)
		outcome_warn(&recorded->outcome, "%s is damaged or cut off, and %u more",
			     traces->cut_path, traces->cut - 1);
	if (traces->unreadable)
		outcome_warn(&recorded->outcome, "%s may not be read, and %u more",
			     traces->unreadable_path, traces->unreadable - 1);
	return true;
}

static bool open_all(struct recorded *recorded)
{
	bool good;

	quiet_begin();
	good = graph_begin(&recorded->graph, &recorded->client, &recorded->outcome);
	recorded->graph.measured = isatty(quiet_fd());
	recorded->graph.distrustful = recorded->distrustful;
	good = good && graph_add_traces(&recorded->graph, &recorded->traces);
	quiet_end();
	if (good)
		return true;
	complain("%s", recorded->graph.error);
	return false;
}

static void read_all(struct recorded *recorded)
{
	enum graph_result result;

	recorded->client.context = recorded;
	if (recorded->graph.measured)
		recorded->client.progress = show_progress;
	signals_interrupt(&recorded->graph);
	quiet_begin();
	do {
		result = graph_run(&recorded->graph);
	} while (result == GRAPH_AGAIN && !signals_came());
	progress_end(&recorded->progress);
	quiet_end();
	if (signals_came())
		outcome_warn(&recorded->outcome,
			     "the reading was interrupted: the rest was not read");
	else if (result == GRAPH_ERROR)
		outcome_warn(&recorded->outcome, "%s", recorded->graph.error);
	if (recorded->client.no_memory)
		outcome_warn(&recorded->outcome, "memory ran out: the rest was not read");
	if (recorded->client.reader.world.own == 0)
		outcome_warn(&recorded->outcome,
			     "no event of pythread-trace is in the trace (%" PRIu64
			     " events of others are)",
			     recorded->client.reader.world.events +
				     recorded->client.reader.world.other);
}

static int write_all(struct recorded *recorded)
{
	const struct settings *settings = &recorded->arguments->settings;
	struct reader *reader = &recorded->client.reader;
	struct buffer text = {0};
	char why[512] = "out of memory";
	bool good;

	print_world(&text, &reader->world, &recorded->outcome, &settings->print,
		    layouts_refused(reader->layouts));
	good = !text.failed && settings_write(settings, &text, why, sizeof(why));
	if (!good)
		complain("%s", why);
	buffer_free(&text);
	return good ? EXIT_SUCCESS : STATUS_SETUP;
}

static int report(struct recorded *recorded, const char *broken)
{
	bool good;

	if (!find_any(recorded))
		return STATUS_SETUP;
	if (!reader_begin(&recorded->client.reader)) {
		complain("out of memory");
		return STATUS_SETUP;
	}
	patience_begin(recorded->client.taken);
	good = open_all(recorded);
	if (good)
		read_all(recorded);
	patience_end();
	if (!good)
		return STATUS_SETUP;
	if (broken)
		outcome_warn(&recorded->outcome, "%s", broken);
	return write_all(recorded);
}

int recorded_report(const struct arguments *arguments, struct recorded_shared *shared,
		    uint64_t stop, const char *broken)
{
	struct recorded *recorded = calloc(1, sizeof(*recorded));
	int status;

	if (!recorded) {
		complain("out of memory");
		return STATUS_SETUP;
	}
	recorded->arguments = arguments;
	recorded->outcome.trace = arguments->traces[0];
	recorded->client.taken = &shared->taken;
	recorded->client.stop = stop;
	recorded->distrustful = broken && stop == UINT64_MAX;
	shared->status = status = report(recorded, broken);
	shared->reported = true;
	signals_interrupt(NULL);
	graph_free(&recorded->graph);
	reader_free(&recorded->client.reader);
	outcome_free(&recorded->outcome);
	traces_free(&recorded->traces);
	free(recorded);
	return status;
}
