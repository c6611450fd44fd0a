/* SPDX-License-Identifier: MIT */
/* Native stacks by number: equal stacks share one. */
#ifndef PYTHREAD_TRACE_STACK_INTERN_H
#define PYTHREAD_TRACE_STACK_INTERN_H

#include "stack/stack.h"

/*
 * The number of this stack. A stack seen before costs no lock and no system call. 0 when memory
 * ran out, which is counted. count is at most STACK_DEPTH_MAX.
 */
uint32_t intern_stack(void *const *ip, unsigned int count);

/*
 * Whether the code at the newest frame of such a stack still belongs to the library it belonged to
 * then.
 */
bool intern_is_current(const struct native_stack *stack);

/* NULL for 0. */
const struct native_stack *intern_get(uint32_t number);

uint64_t intern_dropped(void);

#endif
