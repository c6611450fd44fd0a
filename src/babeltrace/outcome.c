/* SPDX-License-Identifier: MIT */
#include "babeltrace/outcome.h"

#include "babeltrace/lookup.h"
#include "babeltrace/shortage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void outcome_warn(struct outcome *outcome, const char *format, ...)
{
	va_list arguments;
	char *line;

	if (outcome->warnings == WARNINGS_MAX) {
		outcome->unsaid++;
		return;
	}
	va_start(arguments, format);
	if (vasprintf(&line, format, arguments) >= 0)
		outcome->warning[outcome->warnings++] = line;
	else
		outcome->unsaid++;
	va_end(arguments);
}

static void judge_loss(struct outcome *outcome, const struct world *world)
{
	if (world->lost_events)
		outcome_warn(outcome,
			     "%" PRIu64 " events were lost while the trace was recorded: numbers "
			     "and times are too low (more or larger buffers help)",
			     world->lost_events);
	if (world->lost_packets)
		outcome_warn(outcome, "%" PRIu64 " packets of events are not in the trace",
			     world->lost_packets);
	if (world->lost_uncounted)
		outcome_warn(outcome, "events were lost while the trace was recorded, and nobody "
				      "counted them");
}

static void judge_contexts(struct outcome *outcome, const struct world *world)
{
	bool no_vpid = false, no_vtid = false, no_time = false;

	for (const struct origin *origin = world->origins; origin; origin = origin->next) {
		no_vpid |= origin->no_vpid;
		no_vtid |= origin->no_vtid;
		no_time |= origin->no_time;
	}
	if (no_vpid)
		outcome_warn(outcome, "the context vpid is missing: all processes are shown as one "
				      "(lttng add-context --userspace --type=vpid)");
	if (no_vtid)
		outcome_warn(outcome, "the context vtid is missing: nobody can tell who waited or "
				      "held (lttng add-context --userspace --type=vtid)");
	if (no_time)
		outcome_warn(outcome, "events have no time: all durations are 0");
}

static void judge_processes(struct outcome *outcome, const struct world *world)
{
	unsigned int without = 0;
	uint64_t unknown = 0;

	for (const struct process *process = world->first; process; process = process->next) {
		without += process->piles.all && !process->images.newest;
		unknown += process->told.unknown;
	}
	if (without)
		outcome_warn(outcome,
			     "no events say what was loaded in %u process%s: addresses have no "
			     "names (record lttng_ust_statedump:* and lttng_ust_lib:*; in a "
			     "session joined late: lttng regenerate statedump)",
			     without, without == 1 ? "" : "es");
	if (unknown)
		outcome_warn(outcome,
			     "%" PRIu64 " findings are of a kind that this version does "
			     "not know",
			     unknown);
}

static void judge_libraries(struct outcome *outcome)
{
	for (const struct library *library = lookup_all(); library; library = library->next) {
		if (!library->asked || library->module.path[0] != '/')
			continue;
		if (library->state == LIBRARY_DIFFERS)
			outcome_warn(outcome,
				     "%s differs from the one that was traced (another build id): "
				     "its addresses have no names",
				     library->module.path);
		else if (library->state == LIBRARY_MISSING)
			outcome_warn(outcome,
				     "%s is not here: its addresses have no names (--sysroot, "
				     "--debug-dir)",
				     library->module.path);
	}
}

void outcome_judge_beginning(struct outcome *outcome, const struct world *world)
{
	unsigned int earlier = 0;

	for (const struct process *process = world->first; process; process = process->next)
		earlier += process->threads && !process->dumped;
	if (earlier)
		outcome_warn(outcome,
			     "%u process%s began before this report joined the session: what was "
			     "recorded before is not in it (what there is now: lttng regenerate "
			     "statedump)",
			     earlier, earlier == 1 ? "" : "es");
}

void outcome_judge(struct outcome *outcome, const struct world *world, uint64_t refused)
{
	if (shortage)
		outcome_warn(outcome, "memory ran out: some of what is in the trace is not in this "
				      "report");
	judge_loss(outcome, world);
	judge_contexts(outcome, world);
	judge_processes(outcome, world);
	judge_libraries(outcome);
	if (refused)
		outcome_warn(outcome,
			     "%" PRIu64 " kinds of events have the names of pythread-trace's "
			     "but not their fields, and were passed over",
			     refused);
	if (world->broken)
		outcome_warn(outcome, "%" PRIu64 " events were damaged and passed over",
			     world->broken);
}

void outcome_free(struct outcome *outcome)
{
	for (unsigned int i = 0; i < outcome->warnings; i++)
		free(outcome->warning[i]);
	outcome->warnings = 0;
}
