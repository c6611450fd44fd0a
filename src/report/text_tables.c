/* SPDX-License-Identifier: MIT */
#include "report/suppress.h"
#include "report/text.h"
#include "report/text_stack.h"
#include "report/utf8.h"

static void add_count(struct buffer *out, unsigned int count, const char *what)
{
	buffer_printf(out, "%u %s%s", count, what, count == 1 ? "" : "s");
}

static unsigned int count_hooked(const struct report_facts *facts)
{
	unsigned int hooked = 0;

	for (unsigned int i = 0; i < facts->hook_count; i++)
		hooked += facts->hooks[i].hooked;
	return hooked;
}

static void add_live_keys(struct buffer *out, const struct report_facts *facts)
{
	add_count(out, facts->keys_live, "key");
	buffer_printf(out, " live");
	if (facts->keys_limit)
		buffer_printf(out, " of %u", facts->keys_limit);
}

void text_summary(struct buffer *out, const struct document *document)
{
	const struct report_summary *summary = &document->summary;
	const struct report_facts *facts = document->facts;

	buffer_printf(out, "==%d==SUMMARY: pythread-trace: ", (int)document->pid);
	add_count(out, summary->errors, "error");
	buffer_printf(out, ", ");
	add_count(out, summary->warnings, "warning");
	buffer_printf(out, ", ");
	add_count(out, summary->leaks, "leak");
	buffer_printf(out, ", ");
	add_count(out, summary->notes, "note");
	if (summary->suppressed)
		buffer_printf(out, ", %u suppressed", summary->suppressed);
	buffer_printf(out, "; ");
	add_live_keys(out, facts);
	if (facts->hook_count)
		buffer_printf(out, "; hooked %u of %u", count_hooked(facts), facts->hook_count);
	if (facts->dropped)
		buffer_printf(out, "; %llu dropped for lack of memory or time",
			      (unsigned long long)facts->dropped);
	buffer_printf(out, "\n");
}

void text_owners(struct buffer *out, const struct document *document)
{
	const struct report_facts *facts = document->facts;

	buffer_printf(out, "  Keys by library (");
	add_live_keys(out, facts);
	buffer_printf(out, ", %u at most):\n          live    created  library\n",
		      facts->keys_peak);
	for (unsigned int i = 0; i < facts->owner_count; i++) {
		const struct report_owner *owner = &facts->owners[i];

		buffer_printf(out, "    %10u %10u  ", owner->live, owner->created);
		utf8_add_printable(out, owner->module ? text_base_name(owner->module)
						      : "(nobody saw who created them)");
		buffer_printf(out, "\n");
	}
}

static void add_hooks(struct buffer *out, const struct report_facts *facts)
{
	buffer_printf(out, "  Hooks:\n         calls  function\n");
	for (unsigned int i = 0; i < facts->hook_count; i++) {
		const struct report_hook *hook = &facts->hooks[i];

		buffer_printf(out, "    %10llu  %s (%s%s%s)\n", (unsigned long long)hook->calls,
			      hook->function, hook->hooked ? "" : "not hooked",
			      !hook->hooked && hook->how ? ": " : "", hook->how ? hook->how : "");
	}
}

void text_tables(struct buffer *out, const struct document *document)
{
	struct buffer unused = {0};

	add_hooks(out, document->facts);
	text_owners(out, document);
	suppress_add_unused(&unused);
	if (unused.length) {
		buffer_printf(out, "  Suppressions that matched nothing:\n");
		buffer_add(out, unused.data, unused.length);
	}
	buffer_free(&unused);
}
