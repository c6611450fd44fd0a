/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include "report/suppress.h"
#include "report/text_stack.h"
#include "report/utf8.h"

#include <unistd.h>

static const char *const titles[SEVERITY_COUNT] = {
	[SEVERITY_ERROR] = "ERROR",
	[SEVERITY_WARNING] = "WARNING",
	[SEVERITY_LEAK] = "LEAK",
	[SEVERITY_NOTE] = "NOTE",
};

static void add_headline(struct buffer *out, pid_t pid, enum severity severity,
			 enum finding_kind kind, const char *message)
{
	buffer_printf(out, "==%d==%s: pythread-trace: %s: ", (int)pid, titles[severity],
		      finding_name(kind));
	utf8_add_printable(out, message);
	buffer_printf(out, "\n");
}

static void add_number(struct buffer *out, const struct finding_object *object)
{
	const char *what = object->type == OBJECT_MUTEX ? "mutex" : "key";

	if (object->type == OBJECT_LEGACY_KEY) {
		buffer_printf(out, "key %d", (int)object->slot);
		return;
	}
	if (object->address)
		buffer_printf(out, "%s 0x%lx", what, (unsigned long)object->address);
	else
		buffer_printf(out, "%s NULL", what);
	if (object->slot != NO_SLOT)
		buffer_printf(out, " (slot %d)", (int)object->slot);
}

static void add_words(struct buffer *out, const struct shown_object *object)
{
	bool mutex = object->facts.type == OBJECT_MUTEX;

	text_quoted(out, object->facts.name);
	if (object->symbol) {
		buffer_printf(out, " ");
		utf8_add_printable(out, object->symbol);
	}
	if (object->module) {
		buffer_printf(out, !object->made_by ? " in "
				   : mutex	    ? " first used by "
						    : " created by ");
		utf8_add_printable(out, text_base_name(object->module));
	}
}

static void add_who(struct buffer *out, const struct document *document,
		    const struct shown_finding *finding)
{
	bool object = finding->object.facts.type != OBJECT_NONE;

	if (!object && !finding->tid)
		return;
	buffer_printf(out, "==%d==  ", (int)document->pid);
	if (object) {
		add_number(out, &finding->object.facts);
		add_words(out, &finding->object);
	}
	if (object && finding->tid)
		buffer_printf(out, ", ");
	if (finding->tid)
		text_thread(out, finding->tid, finding->thread_name);
	buffer_printf(out, "\n");
}

static void add_others(struct buffer *out, const struct document *document,
		       const struct shown_finding *finding)
{
	const char *which = finding->others == 1 ? "other mutex" : "next mutex of the ring";

	for (unsigned int i = 0; i < finding->others; i++) {
		const struct shown_object *other = &finding->other[i];

		buffer_printf(out, "==%d==  the %s: 0x%lx", (int)document->pid, which,
			      (unsigned long)other->facts.address);
		add_words(out, other);
		buffer_printf(out, "\n");
	}
}

/* The worst of it: a key that was never created is number 0, which is somebody else's. */
static void add_victim(struct buffer *out, const struct document *document,
		       const struct shown_finding *finding)
{
	if (!finding->object.slot_owner)
		return;
	buffer_printf(out, "==%d==  slot %d belongs to another key, created by ",
		      (int)document->pid, (int)finding->object.facts.slot);
	utf8_add_printable(out, text_base_name(finding->object.slot_owner));
	buffer_printf(out, "\n");
}

/* Its message has the number already. */
static bool says_how_many(enum finding_kind kind)
{
	return kind == FINDING_TSS_KEY_GROWTH || kind == FINDING_KEY_GROWTH;
}

void text_no_symbols(struct buffer *out, const struct document *document, struct text_style *style)
{
	if (!document->no_symbols || style->no_symbols_told)
		return;
	style->no_symbols_told = true;
	buffer_printf(out, "==%d==  no names for addresses: ", (int)document->pid);
	utf8_add_printable(out, document->no_symbols);
	buffer_printf(out, "\n");
}

void text_finding(struct buffer *out, const struct document *document,
		  const struct shown_finding *finding, struct text_style *style)
{
	add_headline(out, document->pid, finding->severity, finding->kind, finding->message);
	add_who(out, document, finding);
	add_others(out, document, finding);
	add_victim(out, document, finding);
	if (finding->count > 1 && !says_how_many(finding->kind))
		buffer_printf(out, "==%d==  seen %u times\n", (int)document->pid, finding->count);
	text_no_symbols(out, document, style);
	for (unsigned int i = 0; i < finding->stack_count; i++)
		text_stack(out, &finding->stacks[i], i > 0 || finding->stacks[i].role != ROLE_HERE);
	if (finding->kind == FINDING_KEYS_EXHAUSTED ||
	    finding->kind == FINDING_KEYS_NEARLY_EXHAUSTED)
		text_owners(out, document);
	if (style->gen_suppressions)
		suppress_add_ready(out, finding);
}

void text_bare_finding(struct buffer *out, const struct finding *finding, bool strict)
{
	add_headline(out, getpid(), finding_severity(finding->kind, strict), finding->kind,
		     finding->message);
	buffer_printf(out, "==%d==  no memory is left to tell more\n", (int)getpid());
}

void text_repeated(struct buffer *out, const struct document *document,
		   const struct shown_finding *finding)
{
	buffer_printf(out, "==%d==  seen %u times: %s: ", (int)document->pid, finding->count,
		      finding_name(finding->kind));
	utf8_add_printable(out, finding->message);
	buffer_printf(out, "\n");
}
