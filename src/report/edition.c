/* SPDX-License-Identifier: MIT */
#include "report/edition.h"

#include "report/load.h"
#include "report/suppress.h"
#include "report/verdict.h"

#include <string.h>

static const struct options *options;
static report_facts_fn *ask_facts;
static struct report_facts facts;
static const struct report_plugin *asked; /* for names, in any edition up to now */

void edition_init(const struct options *given, report_facts_fn *facts_fn)
{
	options = given;
	ask_facts = facts_fn;
}

static bool is_strict(void)
{
	return options->leak_check == LEAK_CHECK_STRICT;
}

static void refresh_facts(const struct resolve_request *chosen)
{
	const struct report_wanted wanted = {
		.mutexes = chosen->mutexes != MUTEXES_NONE,
		.waits = chosen->with_waits,
	};

	memset(&facts, 0, sizeof(facts));
	if (ask_facts)
		ask_facts(&facts, &wanted);
	for (unsigned int i = 0; i < FINDING_KIND_COUNT; i++)
		facts.dropped += kept_lost((enum finding_kind)i);
}

static bool any_finding_shown(const struct snapshot *snapshot, bool untold)
{
	for (unsigned int i = 0; i < snapshot->count; i++) {
		const struct kept *kept = &snapshot->entry[i].kept;
		enum finding_kind kind = kept->finding.kind;

		if (verdict_shows(options, kind, finding_severity(kind, is_strict())) &&
		    !(untold && kept->told))
			return true;
	}
	return false;
}

/* What a thread that waits for ever is about. */
static bool is_about_waits(enum finding_kind kind)
{
	return kind == FINDING_HANG || kind == FINDING_MUTEX_DEADLOCK ||
	       kind == FINDING_MUTEX_SELF_DEADLOCK;
}

static bool wants_waits(const struct snapshot *snapshot, const struct edition_request *request)
{
	return !request->only ||
	       (snapshot->count && is_about_waits(snapshot->entry[0].kept.finding.kind));
}

/* SARIF has no place for mutexes, and a finding that is told at once needs none. */
static enum mutex_choice choose_mutexes(const struct edition_request *request)
{
	if (options->format == FORMAT_SARIF || request->only)
		return MUTEXES_NONE;
	if (options->format == FORMAT_JSON || options->verbose)
		return MUTEXES_ALL;
	return MUTEXES_COSTLIEST;
}

/* Text that shows no frame and suppresses by none needs no names: the plug-in is not loaded. */
static bool needs_names(const struct snapshot *snapshot, const struct edition_request *request,
			const struct resolve_request *chosen)
{
	bool tables =
		chosen_any(&facts, chosen->mutexes) || (chosen->with_waits && facts.wait_count);

	if (options->format != FORMAT_TEXT || any_finding_shown(snapshot, true) ||
	    (snapshot->count && suppress_any()))
		return true;
	return tables &&
	       ((request->worth_it && !options->quiet) || any_finding_shown(snapshot, false));
}

static enum load_when when(const struct edition_request *request)
{
	if (!request->final)
		return LOAD_IN_PASSING;
	return request->exit_status < 0 ? LOAD_PATIENTLY : LOAD_AT_END;
}

bool edition_open(struct edition *edition, const struct edition_request *request)
{
	struct resolve_request chosen = {.facts = &facts, .exit_status = request->exit_status};

	memset(edition, 0, sizeof(*edition));
	if (!snapshot_take(&edition->snapshot, request->only))
		return false;
	chosen.mutexes = choose_mutexes(request);
	chosen.with_waits = wants_waits(&edition->snapshot, request);
	refresh_facts(&chosen);
	if (needs_names(&edition->snapshot, request, &chosen))
		edition->plugin = load_plugin(when(request), &chosen.no_plugin);
	edition->structured = options->format != FORMAT_TEXT && edition->plugin;
	chosen.plugin = edition->plugin;
	chosen.strict = is_strict();
	chosen.with_argv = edition->structured;
	if (!resolve(&edition->resolved, &edition->snapshot, &chosen))
		return false;
	if (edition->plugin)
		asked = edition->plugin;
	if (asked && asked->lost)
		facts.dropped += asked->lost();
	return true;
}

void edition_close(struct edition *edition)
{
	resolve_free(&edition->resolved);
	snapshot_free(&edition->snapshot);
}
