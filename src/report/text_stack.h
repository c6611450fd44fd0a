/* SPDX-License-Identifier: MIT */
/* Stacks as text. */
#ifndef PYTHREAD_TRACE_TEXT_STACK_H
#define PYTHREAD_TRACE_TEXT_STACK_H

#include "base/buffer.h"
#include "report/document.h"

/* captioned: with a line on what happened there and in which thread. */
void text_stack(struct buffer *out, const struct shown_stack *stack, bool captioned);

/* Where a frame is: " in FUNCTION FILE:LINE (LIBRARY+0xOFFSET)". */
void text_place(struct buffer *out, const struct shown_frame *frame);

/* thread 4242 "python3" */
void text_thread(struct buffer *out, pid_t tid, const char *name);

/* A blank and the name in quotes; nothing for NULL. */
void text_quoted(struct buffer *out, const char *name);

/* "buggy.so" of "/usr/lib/buggy.so". */
const char *text_base_name(const char *path);

#endif
