/* SPDX-License-Identifier: MIT */
/* One slow walk up the stack, that notes where everything lies. */
#ifndef PYTHREAD_TRACE_STACK_TRAIL_WALK_H
#define PYTHREAD_TRACE_STACK_TRAIL_WALK_H

#include "stack/stack.h"

/* For each frame a return address and, often, a frame pointer. */
#define TRAIL_STEPS_MAX 96

/* Steps are compared so many at a time: the last one is repeated where one is left over. */
#define TRAIL_STRIDE 4

struct trail_step {
	const uintptr_t *place;
	uintptr_t value;
};

struct trail_walk {
	unsigned int count;
	struct trail_step step[TRAIL_STEPS_MAX]; /* innermost first */
};

/*
 * Walks from the function with this frame, which must be a caller of this one, to the last frame of
 * *stack. False where the two do not agree, or a frame is not an ordinary one.
 */
bool trail_walk(struct trail_walk *walk, void *const *frame, const void *caller,
		const struct native_stack *stack);

#endif
