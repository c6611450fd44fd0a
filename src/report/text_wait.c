/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "report/text_mutex.h"
#include "report/text_stack.h"
#include "report/text_which.h"

static void add_seconds(struct buffer *out, uint64_t ns)
{
	buffer_printf(out, "%llu.%03u s", (unsigned long long)(ns / NS_PER_S),
		      (unsigned int)(ns % NS_PER_S / NS_PER_MS));
}

static void add_stack(struct buffer *out, const struct shown_stack *stack)
{
	if (stack)
		text_stack(out, stack, false);
	else
		buffer_printf(out, "    nobody saw where\n");
}

static void add_holder(struct buffer *out, const struct shown_wait *wait)
{
	const struct report_wait *facts = wait->facts;

	if (!facts->holder) {
		buffer_printf(out, "  nobody saw who took it\n");
		return;
	}
	buffer_printf(out, "  ");
	text_thread(out, facts->holder, wait->holder_name);
	buffer_printf(out, " has held it for ");
	add_seconds(out, facts->held_ns);
	buffer_printf(out, ", and took it here:\n");
	add_stack(out, wait->locked);
}

static void add_wait(struct buffer *out, const struct shown_wait *wait)
{
	buffer_printf(out, "  ");
	text_thread(out, wait->facts->tid, wait->thread_name);
	buffer_printf(out, " has waited ");
	add_seconds(out, wait->facts->waiting_ns);
	buffer_printf(out, " for mutex 0x%lx", (unsigned long)(uintptr_t)wait->id.address);
	text_mutex_words(out, &wait->id);
	buffer_printf(out, ":\n");
	add_stack(out, wait->waiting);
	add_holder(out, wait);
}

void text_waits(struct buffer *out, const struct document *document)
{
	if (!document->wait_count)
		return;
	buffer_printf(out, "  Threads waiting for mutexes:\n");
	for (unsigned int i = 0; i < document->wait_count; i++)
		add_wait(out, &document->waits[i]);
}
