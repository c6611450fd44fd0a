/* SPDX-License-Identifier: MIT */
/* Stacks as text. */
#ifndef PYTHREAD_TRACE_TEXT_STACK_H
#define PYTHREAD_TRACE_TEXT_STACK_H

#include "base/buffer.h"
#include "report/document.h"

/* captioned: with a line on what happened there and in which thread. */
void text_stack(struct buffer *out, const struct shown_stack *stack, bool captioned);

/* "buggy.so" of "/usr/lib/buggy.so". */
const char *text_base_name(const char *path);

#endif
