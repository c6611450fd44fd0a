/* SPDX-License-Identifier: MIT */
#include "babeltrace/view_internal.h"
#include "report/suppress.h"

static void show_object(struct making *making, struct shown_object *out,
			const struct told_finding *told)
{
	struct image *home = images_at(&making->process->images, told->object, told->spot.time);
	const struct object_note *note =
		notes_find(&making->process->notes, told->object, object_type_name(told->type));
	struct symbol symbol = lookup_data(&making->wanted->places, home, told->object);

	out->facts.type = told->type;
	out->facts.slot = told->slot;
	if (told->type != OBJECT_LEGACY_KEY)
		/* NOLINTNEXTLINE(performance-no-int-to-ptr): another process's, never followed. */
		out->facts.address = (const void *)(uintptr_t)told->object;
	out->symbol = symbol.function;
	out->module = home ? home->path : note ? note->module : NULL;
	out->made_by = out->module && !home;
	if (note)
		view_name(making, &out->facts.name, &out->symbol, note);
}

static void show_thread(const struct making *making, struct shown_finding *out,
			const struct told_finding *told)
{
	if (finding_is_told_by_another(told->kind)) {
		out->tid = told->stories ? told->story[0].spot.tid : 0;
		out->thread_name = view_thread_name(making, out->tid);
	} else {
		out->tid = told->spot.tid;
		out->thread_name = told->thread_name[0] ? told->thread_name : NULL;
	}
}

static bool show_finding(struct making *making, struct shown_finding *out,
			 const struct told_finding *told)
{
	struct shown_stack *stacks =
		pool_take(&making->view->pool, told->stories + 1, sizeof(*stacks));

	if (!stacks)
		return false;
	out->kind = told->kind;
	out->severity = told->severity;
	out->message = told->message;
	out->count = told->count;
	show_thread(making, out, told);
	out->stacks = stacks;
	if (told->type != OBJECT_NONE)
		show_object(making, &out->object, told);
	if ((told->spot.caller || told->spot.pile) &&
	    !view_fill_stack(making, &stacks[out->stack_count++], &told->spot, ROLE_HERE,
			     role_name(ROLE_HERE)))
		return false;
	for (unsigned int i = 0; i < told->stories; i++)
		if (!view_fill_stack(making, &stacks[out->stack_count++], &told->story[i].spot,
				     told->story[i].role, told->story[i].caption))
			return false;
	out->suppressed = suppress_matches(out);
	return true;
}

bool view_findings(struct making *making)
{
	const struct told *told = &making->process->told;
	struct document *document = &making->view->document;
	struct shown_finding *findings;

	told_settle(making->process);
	findings = pool_take(&making->view->pool, told->count, sizeof(*findings));
	if (!findings)
		return false;
	document->findings = findings;
	for (const struct told_finding *finding = told->first; finding; finding = finding->next) {
		if (!show_finding(making, &findings[document->finding_count], finding))
			return false;
		summary_count(&document->summary, &findings[document->finding_count++]);
	}
	return true;
}
