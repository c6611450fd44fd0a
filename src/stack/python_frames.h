/* SPDX-License-Identifier: MIT */
/* Frames in memory: where their fields are, and the walk over them. */
#ifndef PYTHREAD_TRACE_STACK_PYTHON_FRAMES_H
#define PYTHREAD_TRACE_STACK_PYTHON_FRAMES_H

#include "stack/python_internal.h"

/* How a frame says which instruction it runs. */
enum python_instruction {
	INSTRUCTION_POINTER,
	INSTRUCTION_BYTE, /* an int: bytes from the first one on, -1 before it */
	INSTRUCTION_UNIT, /* the same in code units */
};

/* In bytes from the start of the structure that has the field. */
struct python_frame_layout {
	uint32_t newest;     /* in the thread state: the newest frame, or what points to it */
	bool newest_is_far;  /* the latter */
	uint32_t far_newest; /* in what points to it */
	uint32_t previous;
	uint32_t executable;
	uint32_t instruction;
	uint32_t owner; /* 0 up to 3.11: all frames run Python code */
	uint32_t tlbc_index;
	uint32_t bytecode;	  /* in the code object, as the next */
	uint32_t thread_bytecode; /* 0 without free threading, and in 3.13 */
	enum python_instruction form;
};

/* Constant after python_init(). */
extern struct python_frame_layout python_frame_layout;

/*
 * Such owners are the interpreter's own frames between C and Python: they run no code. Up to 3.12
 * it is the only such one, and the last one of all.
 */
#define OWNER_NOT_PYTHON 3

/* 3.14 and later mark references in the low bits of the pointer. Objects are aligned to 8. */
#define REFERENCE_TAG_MASK ((uintptr_t)7)

/* Frames that run no Python code do not count as depth, but a chain must end some time. */
#define PYTHON_STEPS_MAX (4 * PYTHON_DEPTH)

/* Where the thread state keeps the newest frame. */
static inline const char *python_newest_place(const char *thread_state)
{
	const struct python_frame_layout *layout = &python_frame_layout;

	if (!layout->newest_is_far)
		return thread_state + layout->newest;
	return (const char *)((uintptr_t)python_load(thread_state, layout->newest) +
			      layout->far_newest);
}

/* What the frame executes, nearly always a code object. */
static inline const char *python_executable(const char *frame)
{
	uintptr_t object = (uintptr_t)python_load(frame, python_frame_layout.executable);

	return (const char *)(object & ~REFERENCE_TAG_MASK);
}

/* NULL for a frame that runs no Python code. */
static inline const char *python_frame_code(const char *frame)
{
	uint32_t owner = python_frame_layout.owner;
	const char *object;

	if (owner && frame[owner] >= OWNER_NOT_PYTHON)
		return NULL;
	object = python_executable(frame);
	if (!object || python_load(object, python_layout.object_type) != python_layout.code_type)
		return NULL;
	return object;
}

/* As python_walk(), by memory, without a look whether the layout fits. */
unsigned int python_frames_walk(const char *thread_state, struct python_raw_frame *raw);

#endif
