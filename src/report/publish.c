/* SPDX-License-Identifier: MIT */
#include "report/publish.h"

#include "report/edition.h"
#include "report/output.h"
#include "report/text.h"
#include "report/text_mutex.h"
#include "report/verdict.h"

static const struct options *options;
static struct text_style style;

void publish_init(const struct options *given, report_facts_fn *facts_fn)
{
	options = given;
	edition_init(given, facts_fn);
	style.gen_suppressions = given->gen_suppressions;
}

void publish_after_fork(void)
{
	style.no_symbols_told = false;
}

static void mark_told(const struct edition *edition, unsigned int i)
{
	kept_set_told(edition->snapshot.entry[i].record,
		      edition->resolved.document.findings[i].count);
}

static void write_structured(const struct edition *edition)
{
	struct buffer text = {0};

	if (options->format == FORMAT_JSON)
		edition->plugin->write_json(&text, &edition->resolved.document);
	else
		edition->plugin->write_sarif(&text, &edition->resolved.document);
	if (text.failed && !output_replaceable())
		output_no_memory();
	else
		output_replace(&text);
	buffer_free(&text);
}

/*
 * Text that stands in for a structured report does not belong into that one's file. Of a text for
 * which there was no memory there is the beginning.
 */
static void put_text(const struct buffer *text)
{
	if (text->failed)
		output_no_memory();
	if (options->format == FORMAT_TEXT)
		output_append(text);
	else
		output_stderr(text);
}

static void write_finding(const struct edition *edition, unsigned int i, bool with_waits)
{
	const struct document *document = &edition->resolved.document;
	struct buffer text = {0};

	text_finding(&text, document, &document->findings[i], &style);
	if (with_waits)
		text_waits(&text, document);
	put_text(&text);
	buffer_free(&text);
}

/* Of one that has been told: how often, and who waits for what this time. */
static void write_again(const struct edition *edition, const struct finding *finding)
{
	const struct document *document = &edition->resolved.document;
	struct shown_finding again = document->findings[0];
	struct buffer text = {0};

	again.message = finding->message;
	text_repeated(&text, document, &again);
	text_waits(&text, document);
	put_text(&text);
	buffer_free(&text);
}

/* The file is replaced by one with all findings; a stream gets its report at the end. */
static void replace_file(void)
{
	const struct edition_request everything = {.worth_it = true, .exit_status = -1};
	struct edition all;

	if (!output_replaceable())
		return;
	if (!edition_open(&all, &everything))
		output_no_memory();
	else if (all.structured)
		write_structured(&all);
	edition_close(&all);
}

bool publish_record(struct record *record, const struct finding *finding)
{
	const struct edition_request only = {.only = record, .exit_status = -1};
	struct edition edition;
	bool suppressed = false;

	if (edition_open(&edition, &only)) {
		const struct shown_finding *shown = &edition.resolved.document.findings[0];

		suppressed = shown->suppressed;
		if (edition.structured)
			replace_file();
		else if (!suppressed && shown->told)
			write_again(&edition, finding);
		else if (!suppressed)
			write_finding(&edition, 0, true);
		mark_told(&edition, 0);
	} else {
		publish_bare(finding);
	}
	edition_close(&edition);
	return !suppressed;
}

bool publish_bare(const struct finding *finding)
{
	struct buffer text = {0};

	text_bare_finding(&text, finding, options->leak_check == LEAK_CHECK_STRICT);
	put_text(&text);
	buffer_free(&text);
	return true;
}

static void write_rest(const struct edition *edition)
{
	const struct document *document = &edition->resolved.document;

	for (unsigned int i = 0; i < document->finding_count; i++) {
		const struct shown_finding *finding = &document->findings[i];

		if (finding->told || finding->suppressed ||
		    !verdict_shows(options, finding->kind, finding->severity))
			continue;
		write_finding(edition, i, false);
		mark_told(edition, i);
	}
}

static void add_repeated(struct buffer *text, const struct edition *edition)
{
	const struct document *document = &edition->resolved.document;

	for (unsigned int i = 0; i < document->finding_count; i++) {
		const struct shown_finding *finding = &document->findings[i];

		if (!finding->told || finding->count_told || finding->suppressed)
			continue;
		text_repeated(text, document, finding);
		mark_told(edition, i);
	}
}

static void write_text(const struct edition *edition)
{
	const struct document *document = &edition->resolved.document;
	struct buffer text = {0};

	if (options->format != FORMAT_TEXT)
		buffer_printf(&text, "pythread-trace: no %s can be written: %s\n",
			      options->format == FORMAT_JSON ? "JSON" : "SARIF",
			      document->no_symbols);
	write_rest(edition);
	add_repeated(&text, edition);
	if (options->verbose)
		text_tables(&text, document);
	if (document->wait_count || document->mutex_count)
		text_no_symbols(&text, document, &style);
	text_waits(&text, document);
	text_mutexes(&text, document, options->verbose);
	text_summary(&text, document);
	put_text(&text);
	buffer_free(&text);
}

static bool is_wanted(const struct document *document, bool worth_it)
{
	return (worth_it && !options->quiet) || verdict_something_to_say(options, document);
}

/* Known without asking for all the facts of the process. */
static bool is_nothing_to_say(bool worth_it)
{
	return (!worth_it || options->quiet) && !kept_any();
}

int publish_all(int exit_status, bool worth_it)
{
	static const struct document nothing;
	const struct edition_request request = {
		.final = true, .worth_it = worth_it, .exit_status = exit_status};
	struct edition edition;
	int status = -1;

	if (is_nothing_to_say(worth_it))
		return verdict_exit_status(options, &nothing);
	if (!edition_open(&edition, &request)) {
		output_no_memory();
		edition_close(&edition);
		return status;
	}
	if (is_wanted(&edition.resolved.document, worth_it)) {
		if (edition.structured)
			write_structured(&edition);
		else
			write_text(&edition);
	}
	status = verdict_exit_status(options, &edition.resolved.document);
	edition_close(&edition);
	return status;
}
