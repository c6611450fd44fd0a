/* SPDX-License-Identifier: MIT */
#include "record/plan.h"

#include "base/path.h"
#include "cli/command.h"
#include "record/context.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define EVENTS_DEFAULT "pythread:*,pythread_statedump:*"
#define PROVIDER "pythread:"
#define PROGRAM_MAX 64 /* letters of its name in ours */

static const char *const events[] = {
#define EVENT(name) #name,
#include "tracepoints/events.def"
#undef EVENT
};

/* Two options that cannot both be meant, or NULL. */
static const char *contradiction(const struct options *options)
{
	if (options->tracer == TRACER_OFF)
		return "--tracer off: there is nothing to record without the LTTng provider";
	if (options->snapshot && options->live)
		return "--snapshot and --live: a trace that is kept in memory cannot be watched";
	if (options->trace && options->url)
		return "--trace and --url: the trace can go to one place only";
	if (options->live && options->url && url_is_file(options->url))
		return "--live and --url file://: only a relay daemon can be watched";
	return NULL;
}

static bool is_event(const char *name, size_t length)
{
	for (size_t i = 0; i < countof(events); i++) {
		if (strlen(events[i]) == length && strncmp(events[i], name, length) == 0)
			return true;
	}
	return false;
}

/* Of our own provider all names are known, so one that is not would record nothing. */
static bool events_check(const char *list)
{
	if (*list == '-') {
		complain("--events: '%s' is no event; which of them?", list);
		return false;
	}
	for (size_t length; *list; list += length + (list[length] == ',')) {
		size_t before = strlen(PROVIDER);

		length = strcspn(list, ",");
		if (strncmp(list, PROVIDER, before) != 0 || memchr(list, '*', length) ||
		    is_event(list + before, length - before))
			continue;
		complain("--events: there is no event '%.*s'; EVENTS.md lists them all",
			 (int)length, list);
		return false;
	}
	return true;
}

bool plan_make(struct plan *plan, const struct options *options)
{
	const char *wrong = contradiction(options);

	memset(plan, 0, sizeof(*plan));
	plan->options = options;
	plan->events = options->events ? options->events : EVENTS_DEFAULT;
	plan->wish = options->trace;
	if (wrong) {
		complain("%s", wrong);
		return false;
	}
	if (!events_check(plan->events))
		return false;
	if (options->context && !contexts_check(options->context))
		return false;
	if (!options->url)
		return true;
	if (url_is_file(options->url)) {
		plan->wish = url_path(options->url);
		return true;
	}
	plan->to_relay = true;
	return url_parse(&plan->relay, options->url);
}

void plan_name(struct plan *plan, const char *program, pid_t pid)
{
	int length = snprintf(plan->name, sizeof(plan->name), "pythread-trace-%.*s-%d", PROGRAM_MAX,
			      path_last(program), (int)pid);

	for (int i = 0; i < length; i++) {
		char *letter = &plan->name[i];

		if (!isalnum((unsigned char)*letter) && !strchr("-_.", *letter))
			*letter = '_';
	}
}

bool plan_wants_relay(const struct plan *plan)
{
	return plan->options->live && !plan->to_relay;
}
