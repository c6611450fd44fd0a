/* SPDX-License-Identifier: MIT */
#include "hook/trace_site.h"

#include "base/arena.h"
#include "hook/trace_name.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* An event must fit into LTTng's buffers, with room to spare. */
#define TEXT_SIZE 16384

/* In which era each Python stack was told, by its number; those beyond are told each time. */
#define PAGE_BITS 12
#define PAGES 1024

static uint8_t *pages[PAGES];

/* Under the lock: */
static struct arena arena;
static struct text {
	char bytes[TEXT_SIZE];
	size_t length;
} text;

/* NULL: there is no such place. */
static uint8_t *place_of(uint32_t id)
{
	uint8_t *page = id >> PAGE_BITS < PAGES
				? __atomic_load_n(&pages[id >> PAGE_BITS], __ATOMIC_ACQUIRE)
				: NULL;

	return page ? &page[id % (1U << PAGE_BITS)] : NULL;
}

/* Under the lock. */
static uint8_t *make_place(uint32_t id)
{
	if (id >> PAGE_BITS < PAGES && !pages[id >> PAGE_BITS])
		__atomic_store_n(&pages[id >> PAGE_BITS], arena_alloc(&arena, 1U << PAGE_BITS),
				 __ATOMIC_RELEASE);
	return place_of(id);
}

static bool is_told(uint32_t id)
{
	const uint8_t *place = place_of(id);

	return place && __atomic_load_n(place, __ATOMIC_RELAXED) == trace_current_era();
}

/* A frame is a line, whatever its names hold. */
static void join_lines(char *frame)
{
	while ((frame = strchr(frame, '\n')))
		*frame = '?';
}

/* False when it is full: what is beyond is left out. */
static bool add_frame(const struct python_frame *frame)
{
	char *begin = text.bytes + text.length + (text.length > 0);
	size_t left = sizeof(text.bytes) - text.length;
	int length = snprintf(text.bytes + text.length, left, "%s%s (%s:%d)",
			      text.length ? "\n" : "", frame->function ? frame->function : "?",
			      frame->file ? frame->file : "?", frame->line);

	if (length < 0 || (size_t)length >= left) {
		text.bytes[text.length] = '\0';
		return false;
	}
	join_lines(begin);
	text.length += (size_t)length;
	return true;
}

static void write_frames(const struct python_stack *stack)
{
	text.length = 0;
	text.bytes[0] = '\0';
	for (unsigned int i = 0; i < stack->count && add_frame(&stack->frame[i]); i++)
		continue;
}

static void tell(uint32_t id, const struct python_stack *stack)
{
	uint8_t *place;

	trace_lock();
	if (!is_told(id)) {
		write_frames(stack);
		trace_get()->python_stack(id, text.bytes);
		place = make_place(id);
		if (place)
			__atomic_store_n(place, trace_current_era(), __ATOMIC_RELAXED);
	}
	trace_unlock();
}

void trace_tell_python(const struct site *site)
{
	const struct python_stack *stack = stack_python(site);

	if (stack && trace_wants(TRACE_python_stack) && !is_told(site->python))
		tell(site->python, stack);
}

const struct trace_site *trace_site(struct trace_place *place, const struct site *site)
{
	const struct native_stack *native = stack_native(site);
	unsigned int count = native ? native->count : 0;

	trace_tell_python(site);
	for (unsigned int i = 0; i < count; i++)
		place->ip[i] = native->frame[i].ip;
	place->site = (struct trace_site){
		.caller = site->caller,
		.stack = place->ip,
		.depth = count,
		.python = stack_python(site) ? site->python : 0,
	};
	return &place->site;
}
