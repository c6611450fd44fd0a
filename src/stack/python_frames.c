/* SPDX-License-Identifier: MIT */
/*
 * Why reading frames is safe: an attached thread's chain of frames is changed by nobody but the
 * thread, which is here; each frame owns its code object. In free-threaded builds other threads may
 * replace the array of a code object's bytecodes, but the old one is freed only after every
 * attached thread has passed a safe point. Nothing is called, so nothing is allocated, locked or
 * collected.
 */
#include "stack/python_frames.h"

struct python_frame_layout python_frame_layout;

/* Where the instructions begin that this frame runs. NULL when that cannot be told. */
static const char *bytecode_of(const char *frame, const char *code)
{
	const struct python_frame_layout *layout = &python_frame_layout;
	const char *array;
	uint32_t index;

	if (likely(!layout->thread_bytecode))
		return code + layout->bytecode;
	array = __atomic_load_n((char *const *)(code + layout->thread_bytecode), __ATOMIC_ACQUIRE);
	index = python_load_u32(frame, layout->tlbc_index);
	if (!array || index >= python_load_size(array, 0))
		return NULL;
	return python_load(array, sizeof(size_t) + index * sizeof(void *));
}

static uint32_t unit_by_pointer(const char *frame, const char *code)
{
	uintptr_t start = (uintptr_t)bytecode_of(frame, code);
	uintptr_t at = (uintptr_t)python_load(frame, python_frame_layout.instruction);

	if (unlikely(!start || at < start || at - start > INT32_MAX))
		return UNIT_UNKNOWN;
	return (uint32_t)((at - start) / CODE_UNIT_SIZE);
}

static uint32_t unit_of(const char *frame, const char *code)
{
	int32_t index;

	if (python_frame_layout.form == INSTRUCTION_POINTER)
		return unit_by_pointer(frame, code);
	index = (int32_t)python_load_u32(frame, python_frame_layout.instruction);
	if (index < 0)
		return UNIT_BEFORE_FIRST;
	return (uint32_t)index /
	       (python_frame_layout.form == INSTRUCTION_BYTE ? CODE_UNIT_SIZE : 1);
}

unsigned int python_frames_walk(const char *thread_state, struct python_raw_frame *raw)
{
	const char *frame = python_load(python_newest_place(thread_state), 0);
	unsigned int count = 0;
	unsigned int steps;

	for (steps = 0; frame && count < PYTHON_DEPTH && steps < PYTHON_STEPS_MAX; steps++) {
		const char *code = python_frame_code(frame);

		if (code) {
			raw[count].code = code;
			raw[count++].unit = unit_of(frame, code);
		}
		frame = python_load(frame, python_frame_layout.previous);
	}
	return count;
}
