/* SPDX-License-Identifier: MIT */
#include "babeltrace/live_screen.h"

#include "base/clock.h"
#include "report/text.h"
#include "report/text_mutex.h"

#include <stdio.h>
#include <unistd.h>

#define REDRAWN_NS NS_PER_S	    /* on a terminal */
#define APPENDED_NS (10 * NS_PER_S) /* elsewhere */

void live_screen_begin(struct live_screen *screen, struct world *world,
		       const struct print_wanted *wanted)
{
	*screen = (struct live_screen){
		.world = world,
		.wanted = wanted,
		.terminal = isatty(STDOUT_FILENO) && !wanted->json,
		.next = clock_monotonic_ns() + REDRAWN_NS,
	};
}

void live_screen_clear(const struct live_screen *screen)
{
	if (screen->terminal)
		fputs("\033[H\033[J", stdout);
}

static void add_new_findings(struct buffer *out, struct view *view)
{
	struct text_style style = {0};
	struct told_finding *told = view->process->told.first;

	for (unsigned int i = 0; i < view->document.finding_count; i++, told = told->next) {
		if (!told->shown && !view->document.findings[i].suppressed)
			text_finding(out, &view->document, &view->document.findings[i], &style);
		told->shown = true;
	}
}

static void add_process(struct buffer *findings, struct buffer *tables,
			const struct live_screen *screen, struct process *process)
{
	const struct print_wanted *wanted = screen->wanted;
	struct view view;

	if (view_make(&view, process, &wanted->view)) {
		add_new_findings(findings, &view);
		print_headline(tables, process);
		text_mutexes(tables, &view.document, wanted->view.all);
		text_summary(tables, &view.document);
	}
	view_free(&view);
}

/* Findings stay on the screen above the place where the table is drawn anew. */
static void draw(const struct live_screen *screen)
{
	struct buffer findings = {0}, tables = {0};

	for (struct process *process = screen->world->first; process; process = process->next) {
		if (print_wants(process))
			add_process(&findings, &tables, screen, process);
	}
	live_screen_clear(screen);
	if (findings.data)
		fputs(findings.data, stdout);
	if (tables.data)
		fputs(tables.data, stdout);
	fflush(stdout);
	buffer_free(&findings);
	buffer_free(&tables);
}

void live_screen_refresh(struct live_screen *screen)
{
	uint64_t time = clock_monotonic_ns(), events = screen->world->events;

	if (screen->wanted->json || time < screen->next || events == screen->drawn)
		return;
	screen->next = time + (screen->terminal ? REDRAWN_NS : APPENDED_NS);
	screen->drawn = events;
	draw(screen);
}
