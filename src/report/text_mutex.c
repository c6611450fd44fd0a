/* SPDX-License-Identifier: MIT */
#include "report/text_mutex.h"

#include "base/clock.h"
#include "report/text_which.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CELL_SIZE 32

static const char *const seen[] = {
	[COVERAGE_ALL] = "all",
	[COVERAGE_ARMED] = "armed",
	[COVERAGE_PART] = "part",
};

#define PART_IS                                                                                    \
	"acquisitions that had to wait; others are inlined into the extension and invisible: see " \
	"pymutex.h in libpythread-trace(3)"

static const char *const seen_what[] = {
	[COVERAGE_ALL] = "every acquisition",
	[COVERAGE_ARMED] = "every acquisition since the second that had to wait",
	[COVERAGE_PART] = PART_IS,
};

enum column { ACQUIRED, CONTENDED, CHANGES, WAIT, WAIT_MAX, HOLD, HOLD_MAX, COLUMNS };

static const char *const titles[COLUMNS] = {
	[ACQUIRED] = "acquired", [CONTENDED] = "contended", [CHANGES] = "owner changes",
	[WAIT] = "wait",	 [WAIT_MAX] = "longest",    [HOLD] = "hold",
	[HOLD_MAX] = "longest",
};

static void count_cell(char cell[CELL_SIZE], uint64_t count)
{
	snprintf(cell, CELL_SIZE, "%" PRIu64, count);
}

/* In milliseconds. 0 is nothing that was measured. */
static void time_cell(char cell[CELL_SIZE], const char *mark, uint64_t ns)
{
	if (ns)
		snprintf(cell, CELL_SIZE, "%s%" PRIu64 ".%03" PRIu64, mark, ns / NS_PER_MS,
			 ns % NS_PER_MS / NS_PER_US);
	else
		snprintf(cell, CELL_SIZE, "-");
}

static void make_cell(char cell[CELL_SIZE], const struct report_mutex *mutex, enum column column)
{
	const uint64_t values[COLUMNS] = {
		[ACQUIRED] = mutex->acquired,	  [CONTENDED] = mutex->contended,
		[CHANGES] = mutex->owner_changes, [WAIT] = mutex->wait_total_ns,
		[WAIT_MAX] = mutex->wait_max_ns,  [HOLD] = mutex->hold_total_ns,
		[HOLD_MAX] = mutex->hold_max_ns,
	};

	if (column < WAIT)
		count_cell(cell, values[column]);
	else
		time_cell(cell, column == HOLD && mutex->hold_sampled ? "~" : "", values[column]);
}

/* Room for the widest number of the column, and its title. */
static int width(const struct document *document, enum column column)
{
	size_t widest = strlen(titles[column]);
	char cell[CELL_SIZE];

	for (unsigned int i = 0; i < document->mutex_count; i++) {
		make_cell(cell, document->mutexes[i].facts, column);
		if (strlen(cell) > widest)
			widest = strlen(cell);
	}
	return (int)widest;
}

static void add_details(struct buffer *out, const struct shown_mutex *mutex)
{
	if (mutex->id.first_use)
		text_first_frame(out, "\n        first used", mutex->id.first_use);
	if (mutex->waited_for)
		text_first_frame(out, "\n        waited for longest", mutex->waited_for);
}

/* One that has no name is known by where it was used. */
static void add_substitute(struct buffer *out, const struct shown_mutex_id *id)
{
	if (!id->name && !id->symbol && id->first_use)
		text_first_frame(out, ", first used", id->first_use);
}

static void add_titles(struct buffer *out, const int widths[COLUMNS])
{
	buffer_printf(out, "  ");
	for (enum column column = 0; column < COLUMNS; column++)
		buffer_printf(out, "  %*s", widths[column], titles[column]);
	buffer_printf(out, "  seen   mutex\n");
}

static void add_row(struct buffer *out, const struct shown_mutex *mutex, const int widths[COLUMNS],
		    bool details)
{
	char cell[CELL_SIZE];

	buffer_printf(out, "  ");
	for (enum column column = 0; column < COLUMNS; column++) {
		make_cell(cell, mutex->facts, column);
		buffer_printf(out, "  %*s", widths[column], cell);
	}
	buffer_printf(out, "  %-5s ", seen[mutex->facts->coverage]);
	text_mutex_which(out, &mutex->id);
	if (mutex->facts->runtime)
		buffer_printf(out, " (the interpreter's own)");
	if (details)
		add_details(out, mutex);
	else
		add_substitute(out, &mutex->id);
	buffer_printf(out, "\n");
}

static void add_table(struct buffer *out, const struct document *document, bool details)
{
	int widths[COLUMNS];

	for (enum column column = 0; column < COLUMNS; column++)
		widths[column] = width(document, column);
	add_titles(out, widths);
	for (unsigned int i = 0; i < document->mutex_count; i++)
		add_row(out, &document->mutexes[i], widths, details);
}

/* What the words of the column mean that are in it. */
static void add_legend(struct buffer *out, const struct document *document)
{
	bool sampled = false;

	for (unsigned int word = 0; word < countof(seen); word++) {
		bool used = false;

		for (unsigned int i = 0; i < document->mutex_count; i++)
			used = used || document->mutexes[i].facts->coverage == word;
		if (used)
			buffer_printf(out, "    seen %s: %s\n", seen[word], seen_what[word]);
	}
	for (unsigned int i = 0; i < document->mutex_count; i++)
		sampled = sampled || document->mutexes[i].facts->hold_sampled;
	if (sampled)
		buffer_printf(out, "    hold ~: estimated, from one hold in 32\n");
}

static unsigned int count_contended(const struct report_facts *facts)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < facts->mutex_count; i++)
		count += facts->mutexes[i].contended && !facts->mutexes[i].runtime;
	return count;
}

static void add_rescues(struct buffer *out, uint64_t rescues)
{
	if (rescues)
		buffer_printf(out,
			      "  Waits that ended late, because no unlock had woken the waiting "
			      "thread: %" PRIu64 "\n",
			      rescues);
}

void text_mutexes(struct buffer *out, const struct document *document, bool details)
{
	const struct report_facts *facts = document->facts;

	if (document->mutex_count) {
		buffer_printf(out, "  Mutexes%s (%u of %u, what costs most first; times in ms):\n",
			      details ? "" : " that threads waited for", document->mutex_count,
			      details ? facts->mutex_count : count_contended(facts));
		add_table(out, document, details);
		add_legend(out, document);
	}
	add_rescues(out, facts->rescues);
}
