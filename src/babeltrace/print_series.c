/* SPDX-License-Identifier: MIT */
#include "babeltrace/print.h"
#include "report/text_stack.h"
#include "report/utf8.h"

static const char *const marks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const plain_marks[] = {" ", ".", ":", "-", "=", "+", "*", "%", "#"};
#define HIGHEST 8

static unsigned int height(unsigned int number, unsigned int most)
{
	if (!number || !most)
		return 0;
	return 1 + (unsigned int)((uint64_t)number * (HIGHEST - 1) / most);
}

static void add_row(struct buffer *out, struct made_keys *keys, struct key_owner *owner,
		    uint64_t end, bool utf8)
{
	unsigned int steps = series_finish(&owner->series, &keys->clock, end);
	unsigned int most = keys->total->peak;

	buffer_printf(out, "    %8u %8u %8u  |", owner->live, owner->peak, owner->created);
	for (unsigned int i = 0; i < steps; i++)
		buffer_printf(out, "%s",
			      (utf8 ? marks : plain_marks)[height(owner->series.most[i], most)]);
	buffer_printf(out, "|  ");
	if (owner == keys->total)
		buffer_printf(out, "(all)");
	else
		utf8_add_printable(out, owner->module ? text_base_name(owner->module)
						      : "(nobody saw who created them)");
	buffer_printf(out, "\n");
}

void print_series(struct buffer *out, struct process *process, bool utf8)
{
	struct made_keys *keys = &process->keys;
	uint64_t end = *process->recorded;

	if (!keys->total)
		return;
	keys->total->created = 0;
	for (struct key_owner *owner = keys->owners; owner; owner = owner->next)
		keys->total->created += owner->created;
	series_finish(&keys->total->series, &keys->clock, end);
	buffer_printf(out,
		      "  Live keys over time, by library (a column is %.3f s):\n"
		      "        live     peak  created\n",
		      (double)keys->clock.length / 1e9);
	for (struct key_owner *owner = keys->owners; owner; owner = owner->next)
		add_row(out, keys, owner, end, utf8);
	if (keys->owners && keys->owners->next)
		add_row(out, keys, keys->total, end, utf8);
}
