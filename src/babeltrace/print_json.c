/* SPDX-License-Identifier: MIT */
#include "babeltrace/print.h"
#include "config.h"
#include "report/json_document.h"
#include "report/json_stack.h"

#include <stdio.h>

#define FORMAT_NUMBER 1
#define DIGITS 12

static json_object *make_trace(const struct world *world, const struct outcome *outcome)
{
	json_object *trace = json_new_object();

	json_set(trace, "path", json_text(outcome->trace));
	json_set(trace, "begin_ns", json_number((int64_t)world->begin));
	json_set(trace, "end_ns", json_number((int64_t)world->end));
	json_set(trace, "events", json_number((int64_t)world->events));
	json_set(trace, "other_events", json_number((int64_t)world->other));
	return trace;
}

static json_object *make_lost(const struct world *world)
{
	json_object *lost = json_new_object();

	json_set(lost, "events", json_number((int64_t)world->lost_events));
	json_set(lost, "packets", json_number((int64_t)world->lost_packets));
	json_set(lost, "uncounted", json_flag(world->lost_uncounted));
	json_set(lost, "damaged", json_number((int64_t)world->broken));
	return lost;
}

static json_object *make_warnings(const struct outcome *outcome)
{
	json_object *warnings = json_new_array();

	for (unsigned int i = 0; i < outcome->warnings; i++)
		json_push(warnings, json_text(outcome->warning[i]));
	if (outcome->unsaid) {
		char more[sizeof(OUTCOME_UNSAID) + DIGITS];

		snprintf(more, sizeof(more), OUTCOME_UNSAID, outcome->unsaid);
		json_push(warnings, json_text(more));
	}
	return warnings;
}

static json_object *make_holder(const struct view_wait *wait)
{
	json_object *holder;

	if (!wait->facts->holder)
		return NULL;
	holder = json_new_object();
	json_set(holder, "tid", json_number(wait->facts->holder));
	json_set(holder, "name", json_text(wait->holder_name));
	json_set(holder, "locked", json_stack(wait->locked));
	return holder;
}

static json_object *make_longest(const struct view *view)
{
	json_object *waits = json_new_array();

	for (unsigned int i = 0; i < view->longest_count; i++) {
		const struct view_wait *shown = &view->longest[i];
		json_object *wait = json_new_object();

		json_set(wait, "mutex", json_address(true, (uintptr_t)shown->id.address));
		json_set(wait, "name", json_text(shown->id.name));
		json_set(wait, "module", json_text(shown->id.module));
		json_set(wait, "symbol", json_text(shown->id.symbol));
		json_set(wait, "tid", json_number_or_null(shown->facts->waited.tid));
		json_set(wait, "thread_name", json_text(shown->thread_name));
		json_set(wait, "began_ns", json_number((int64_t)shown->facts->began));
		json_set(wait, "waited_ns", json_number((int64_t)shown->facts->lasted));
		json_set(wait, "waited", json_stack(shown->waited));
		json_set(wait, "holder", make_holder(shown));
		json_push(waits, wait);
	}
	return waits;
}

static json_object *make_owner(struct key_owner *owner, struct made_keys *keys, uint64_t end)
{
	unsigned int steps = series_finish(&owner->series, &keys->clock, end);
	json_object *shown = json_new_object(), *most = json_new_array();

	for (unsigned int i = 0; i < steps; i++)
		json_push(most, json_number(owner->series.most[i]));
	json_set(shown, "module", json_text(owner->module));
	json_set(shown, "peak", json_number(owner->peak));
	json_set(shown, "most", most);
	return shown;
}

static json_object *make_series(struct process *process)
{
	struct made_keys *keys = &process->keys;
	uint64_t end = *process->recorded;
	json_object *series, *owners;

	if (!keys->total)
		return NULL;
	/* Brings the clock up to date before anybody is shown in its steps. */
	series_finish(&keys->total->series, &keys->clock, end);
	series = json_new_object();
	owners = json_new_array();
	for (struct key_owner *owner = keys->owners; owner; owner = owner->next)
		json_push(owners, make_owner(owner, keys, end));
	json_set(series, "begin_ns", json_number((int64_t)keys->clock.begin));
	json_set(series, "step_ns", json_number((int64_t)keys->clock.length));
	json_set(series, "owners", owners);
	return series;
}

static json_object *make_process(struct view *view)
{
	struct process *process = (struct process *)view->process;
	json_object *shown = json_document(&view->document);

	json_set(shown, "host", json_text(process->machine->name));
	json_set(shown, "program", json_text(process->program ? process->program : process->name));
	json_set(shown, "begin_ns", json_number((int64_t)process->begin));
	json_set(shown, "end_ns", json_number((int64_t)process->end));
	json_set(shown, "events", json_number((int64_t)process->events));
	json_set(shown, "longest_waits", make_longest(view));
	json_set(shown, "keys_over_time", make_series(process));
	return shown;
}

static json_object *make_processes(struct buffer *out, struct world *world,
				   const struct print_wanted *wanted)
{
	json_object *processes = json_new_array();

	for (struct process *process = world->first; process; process = process->next) {
		struct view view;

		if (!print_wants(process))
			continue;
		if (view_make(&view, process, &wanted->view))
			json_push(processes, make_process(&view));
		else
			out->failed = true;
		view_free(&view);
	}
	return processes;
}

void print_json(struct buffer *out, struct world *world, struct outcome *outcome,
		const struct print_wanted *wanted, uint64_t refused)
{
	json_object *root, *processes;

	json_begin();
	root = json_new_object();
	processes = make_processes(out, world, wanted);
	outcome_judge(outcome, world, refused);
	json_set(root, "tool", json_text(PACKAGE_NAME));
	json_set(root, "version", json_text(PACKAGE_VERSION));
	json_set(root, "format", json_number(FORMAT_NUMBER));
	json_set(root, "trace", make_trace(world, outcome));
	json_set(root, "processes", processes);
	json_set(root, "lost", make_lost(world));
	json_set(root, "warnings", make_warnings(outcome));
	json_end(out, root);
}
