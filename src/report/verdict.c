/* SPDX-License-Identifier: MIT */
#include "report/verdict.h"

#include "report/kept.h"

static bool was_asked_for(enum finding_kind kind)
{
	return kind == FINDING_MUTEX_LONG_HOLD || kind == FINDING_MUTEX_LONG_WAIT;
}

bool verdict_shows(const struct options *options, enum finding_kind kind, enum severity severity)
{
	return severity != SEVERITY_NOTE || options->verbose || was_asked_for(kind);
}

bool verdict_something_to_say(const struct options *options, const struct document *document)
{
	for (unsigned int i = 0; i < document->finding_count; i++) {
		const struct shown_finding *finding = &document->findings[i];

		if (!finding->suppressed &&
		    verdict_shows(options, finding->kind, finding->severity))
			return true;
	}
	return false;
}

static bool is_failure(const struct kind_set *set, enum finding_kind kind, enum severity severity)
{
	return (set->severities >> severity & 1) || (set->kinds >> kind & 1);
}

static bool lost_a_failure(const struct options *options)
{
	bool strict = options->leak_check == LEAK_CHECK_STRICT;

	for (unsigned int i = 0; i < FINDING_KIND_COUNT; i++) {
		enum finding_kind kind = (enum finding_kind)i;

		if (kept_lost(kind) &&
		    is_failure(&options->fail_on, kind, finding_severity(kind, strict)))
			return true;
	}
	return false;
}

int verdict_exit_status(const struct options *options, const struct document *document)
{
	if (options->error_exitcode < 0)
		return -1;
	for (unsigned int i = 0; i < document->finding_count; i++) {
		const struct shown_finding *finding = &document->findings[i];

		if (!finding->suppressed &&
		    is_failure(&options->fail_on, finding->kind, finding->severity))
			return options->error_exitcode;
	}
	return lost_a_failure(options) ? options->error_exitcode : -1;
}
