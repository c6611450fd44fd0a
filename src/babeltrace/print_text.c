/* SPDX-License-Identifier: MIT */
#include "babeltrace/print.h"
#include "base/clock.h"
#include "report/text.h"
#include "report/text_mutex.h"
#include "report/text_stack.h"
#include "report/text_which.h"
#include "report/utf8.h"

#include <time.h>

static void add_moment(struct buffer *out, uint64_t ns)
{
	time_t seconds = (time_t)(ns / NS_PER_S);
	struct tm local;
	char text[64];

	if (localtime_r(&seconds, &local) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local))
		buffer_printf(out, "%s.%03u", text, (unsigned int)(ns % NS_PER_S / NS_PER_MS));
}

static void add_ms(struct buffer *out, uint64_t ns)
{
	buffer_printf(out, "%llu.%03u ms", (unsigned long long)(ns / NS_PER_MS),
		      (unsigned int)(ns % NS_PER_MS / NS_PER_US));
}

void print_headline(struct buffer *out, const struct process *process)
{
	const char *name = process->program ? process->program : process->name;

	buffer_printf(out, "==%d==TRACE: pythread-trace: process %d", (int)process->vpid,
		      (int)process->vpid);
	if (process->machine->name) {
		buffer_printf(out, " on ");
		utf8_add_printable(out, process->machine->name);
	}
	if (name) {
		buffer_printf(out, ", ");
		utf8_add_printable(out, name);
	}
	if (process->python_version) {
		buffer_printf(out, ", Python ");
		utf8_add_printable(out, process->python_version);
		if (process->free_threaded)
			buffer_printf(out, " (free-threaded)");
	}
	buffer_printf(out, "; %llu events from ", (unsigned long long)process->events);
	add_moment(out, process->begin);
	buffer_printf(out, ", %.3f s\n", (double)(process->end - process->begin) / 1e9);
}

static void add_wait(struct buffer *out, const struct view *view, const struct view_wait *wait)
{
	const struct past_wait *facts = wait->facts;

	buffer_printf(out, "  ");
	text_thread(out, facts->waited.tid, wait->thread_name);
	buffer_printf(out, " waited ");
	add_ms(out, facts->lasted);
	buffer_printf(out, " for mutex 0x%lx", (unsigned long)(uintptr_t)wait->id.address);
	text_mutex_words(out, &wait->id);
	buffer_printf(out, ", %.3f s after the process's first event:\n",
		      facts->began > view->process->begin
			      ? (double)(facts->began - view->process->begin) / 1e9
			      : 0.0);
	if (wait->waited)
		text_stack(out, wait->waited, false);
	if (!facts->holder) {
		buffer_printf(out, "  nobody saw who held it meanwhile\n");
		return;
	}
	buffer_printf(out, "  ");
	text_thread(out, facts->holder, wait->holder_name);
	buffer_printf(out, " held it meanwhile, and took it here:\n");
	if (wait->locked)
		text_stack(out, wait->locked, false);
}

void print_longest(struct buffer *out, const struct view *view, const struct view_wanted *wanted)
{
	unsigned int count = view->longest_count;

	if (!wanted->all && count > wanted->waits)
		count = wanted->waits;
	if (!count)
		return;
	buffer_printf(out, "  Longest waits:\n");
	for (unsigned int i = 0; i < count; i++)
		add_wait(out, view, &view->longest[i]);
}

static void add_findings(struct buffer *out, const struct view *view,
			 const struct print_wanted *wanted)
{
	struct text_style style = {.gen_suppressions = wanted->gen_suppressions};

	for (unsigned int i = 0; i < view->document.finding_count; i++)
		if (!view->document.findings[i].suppressed)
			text_finding(out, &view->document, &view->document.findings[i], &style);
}

void print_process(struct buffer *out, struct view *view, const struct print_wanted *wanted)
{
	struct process *process = (struct process *)view->process;

	print_headline(out, process);
	add_findings(out, view, wanted);
	text_waits(out, &view->document);
	text_mutexes(out, &view->document, wanted->view.all);
	print_longest(out, view, &wanted->view);
	print_series(out, process, wanted->utf8);
	text_summary(out, &view->document);
}

static void add_processes(struct buffer *out, struct world *world,
			  const struct print_wanted *wanted)
{
	for (struct process *process = world->first; process; process = process->next) {
		struct view view;

		if (!print_wants(process))
			continue;
		if (view_make(&view, process, &wanted->view))
			print_process(out, &view, wanted);
		else
			out->failed = true;
		view_free(&view);
	}
}

static void add_warnings(struct buffer *out, const struct outcome *outcome)
{
	for (unsigned int i = 0; i < outcome->warnings; i++) {
		buffer_printf(out, "pythread-trace: warning: ");
		utf8_add_printable(out, outcome->warning[i]);
		buffer_printf(out, "\n");
	}
	if (outcome->unsaid)
		buffer_printf(out, "pythread-trace: warning: " OUTCOME_UNSAID "\n",
			      outcome->unsaid);
}

bool print_wants(const struct process *process)
{
	return process->locks.count || process->keys.total || process->told.first ||
	       process->told.pending || process->told.unknown || process->dumped ||
	       process->counted;
}

void print_world(struct buffer *out, struct world *world, struct outcome *outcome,
		 const struct print_wanted *wanted, uint64_t refused)
{
	if (wanted->json) {
		print_json(out, world, outcome, wanted, refused);
		return;
	}
	add_processes(out, world, wanted);
	outcome_judge(outcome, world, refused);
	add_warnings(out, outcome);
}
