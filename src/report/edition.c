/* SPDX-License-Identifier: MIT */
#include "report/edition.h"

#include "report/load.h"
#include "report/suppress.h"
#include "report/verdict.h"

#include <string.h>

static const struct options *options;
static report_facts_fn *ask_facts;
static struct report_facts facts;

void edition_init(const struct options *given, report_facts_fn *facts_fn)
{
	options = given;
	ask_facts = facts_fn;
}

static bool is_strict(void)
{
	return options->leak_check == LEAK_CHECK_STRICT;
}

static void refresh_facts(void)
{
	memset(&facts, 0, sizeof(facts));
	if (ask_facts)
		ask_facts(&facts);
	for (unsigned int i = 0; i < FINDING_KIND_COUNT; i++)
		facts.dropped += kept_lost((enum finding_kind)i);
}

/* Text that shows no frame and suppresses by none needs no names: the plug-in is not loaded. */
static bool needs_names(const struct snapshot *snapshot)
{
	if (options->format != FORMAT_TEXT)
		return true;
	for (unsigned int i = 0; i < snapshot->count; i++) {
		const struct kept *kept = &snapshot->entry[i].kept;
		enum severity severity = finding_severity(kept->finding.kind, is_strict());

		if (suppress_any() || (!kept->told && verdict_shows(options, severity)))
			return true;
	}
	return false;
}

bool edition_open(struct edition *edition, struct record *only, bool final, int exit_status)
{
	struct resolve_request request = {.facts = &facts, .exit_status = exit_status};

	memset(edition, 0, sizeof(*edition));
	refresh_facts();
	if (!snapshot_take(&edition->snapshot, only))
		return false;
	if (needs_names(&edition->snapshot))
		edition->plugin = load_plugin(final, &request.no_plugin);
	edition->structured = options->format != FORMAT_TEXT && edition->plugin;
	request.plugin = edition->plugin;
	request.strict = is_strict();
	request.with_argv = edition->structured;
	return resolve(&edition->resolved, &edition->snapshot, &request);
}

void edition_close(struct edition *edition)
{
	resolve_free(&edition->resolved);
	snapshot_free(&edition->snapshot);
}
