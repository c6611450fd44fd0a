/* SPDX-License-Identifier: MIT */
/*
 * Which way to the frames? From 3.13 on the interpreter says where they are. Up to 3.12 that is
 * known from the headers only (python_known.c), and a build may differ: so the interpreter's
 * functions are asked, until a walk through memory has found just what they say; if it has not,
 * they are asked for ever. That one walk is preceded by another that reads nothing before it has
 * found out that it can be read.
 */
#include "stack/probe.h"
#include "stack/python_frames.h"
#include "stack/python_trail.h"

#include <stdatomic.h>

/* Fewer frames are no proof: many a field of an only frame is NULL, as the previous frame is. */
#define PROOF 2

atomic_int python_way;

void python_walk_init(bool by_memory)
{
	python_trail_forget();
	atomic_store_explicit(&python_way, by_memory ? BY_MEMORY : UNDECIDED, memory_order_release);
}

/* Words do not cross pages. The base may be anything, so it is a number until it is looked at. */
static bool is_word(const char *base, uint32_t offset)
{
	uintptr_t at = (uintptr_t)base + offset;

	return at % sizeof(void *) == 0 && probe_readable((const void *)at);
}

static bool frame_is_plausible(const char *frame)
{
	const struct python_frame_layout *layout = &python_frame_layout;
	uint32_t owner_word = layout->owner - layout->owner % (uint32_t)sizeof(void *);
	const char *executable;

	/* All of the other fields may be right while this is another byte, so look harder. */
	if (!is_word(frame, owner_word) ||
	    (layout->owner && (unsigned char)frame[layout->owner] > OWNER_NOT_PYTHON))
		return false;
	if (!is_word(frame, layout->previous) || !is_word(frame, layout->executable) ||
	    !is_word(frame, layout->instruction))
		return false;
	executable = python_executable(frame);
	return !executable || is_word(executable, python_layout.object_type);
}

static bool chain_is_plausible(const char *thread_state)
{
	const char *place = python_newest_place(thread_state);
	const char *frame;
	unsigned int steps;

	if (!is_word(place, 0))
		return false;
	frame = python_load(place, 0);
	for (steps = 0; frame && steps < PYTHON_STEPS_MAX; steps++) {
		if (!frame_is_plausible(frame))
			return false;
		frame = python_load(frame, python_frame_layout.previous);
	}
	return true;
}

static bool memory_says(const char *thread_state, const struct python_raw_frame *expected,
			unsigned int count)
{
	struct python_raw_frame found[PYTHON_DEPTH];
	unsigned int i;

	if (!chain_is_plausible(thread_state) || python_frames_walk(thread_state, found) != count)
		return false;
	for (i = 0; i < count; i++)
		if (found[i].code != expected[i].code || found[i].unit != expected[i].unit)
			return false;
	return true;
}

unsigned int python_walk(void *thread_state, struct python_raw_frame *raw)
{
	int chosen = atomic_load_explicit(&python_way, memory_order_acquire);
	unsigned int count;

	if (likely(chosen == BY_MEMORY))
		return python_frames_walk(thread_state, raw);
	count = python_api_walk(thread_state, raw);
	if (chosen == UNDECIDED && count >= PROOF) {
		chosen = memory_says(thread_state, raw, count) ? BY_MEMORY : BY_API;
		atomic_store_explicit(&python_way, chosen, memory_order_release);
	}
	return count;
}
