/* SPDX-License-Identifier: MIT */
#include "report/text_stack.h"

#include "report/utf8.h"

#include <string.h>

const char *text_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

void text_quoted(struct buffer *out, const char *name)
{
	if (!name)
		return;
	buffer_printf(out, " \"");
	utf8_add_printable(out, name);
	buffer_printf(out, "\"");
}

void text_thread(struct buffer *out, pid_t tid, const char *name)
{
	buffer_printf(out, "thread %d", (int)tid);
	text_quoted(out, name);
}

void text_place(struct buffer *out, const struct shown_frame *frame)
{
	if (frame->function) {
		buffer_printf(out, " in ");
		utf8_add_printable(out, frame->function);
	}
	if (frame->file) {
		buffer_printf(out, " ");
		utf8_add_printable(out, frame->file);
		if (frame->line)
			buffer_printf(out, ":%u", frame->line);
	}
	buffer_printf(out, " (");
	if (frame->module) {
		utf8_add_printable(out, text_base_name(frame->module));
		buffer_printf(out, "+0x%lx", (unsigned long)frame->offset);
	} else {
		buffer_printf(out, "in no library");
	}
	buffer_printf(out, ")");
}

static void add_frame(struct buffer *out, unsigned int number, const struct shown_frame *frame)
{
	buffer_printf(out, "    #%u 0x%lx", number, (unsigned long)frame->ip);
	text_place(out, frame);
	buffer_printf(out, "\n");
}

static void add_native(struct buffer *out, const struct shown_stack *stack)
{
	for (unsigned int i = 0; i < stack->native_count; i++)
		add_frame(out, i, &stack->native[i]);
	if (stack->native_absent)
		buffer_printf(out, "    no %s: %s\n",
			      stack->native_count ? "further frames" : "native stack",
			      stack->native_absent);
	else if (!stack->native_count)
		buffer_printf(out, "    no native stack\n");
}

static void add_python_frame(struct buffer *out, const struct shown_python_frame *frame)
{
	buffer_printf(out, "    File \"");
	utf8_add_printable(out, frame->file ? frame->file : "?");
	buffer_printf(out, "\"");
	if (frame->line > 0)
		buffer_printf(out, ", line %d", frame->line);
	buffer_printf(out, ", in ");
	utf8_add_printable(out, frame->function ? frame->function : "?");
	buffer_printf(out, "\n");
}

static void add_python(struct buffer *out, const struct shown_stack *stack)
{
	if (!stack->python_count) {
		buffer_printf(out, "  no Python stack%s%s\n", stack->python_absent ? ": " : "",
			      stack->python_absent ? stack->python_absent : "");
		return;
	}
	buffer_printf(out, "  Python stack (most recent call last):\n");
	for (unsigned int i = stack->python_count; i > 0; i--)
		add_python_frame(out, &stack->python[i - 1]);
}

void text_stack(struct buffer *out, const struct shown_stack *stack, bool captioned)
{
	if (captioned) {
		buffer_printf(out, "  %s",
			      stack->caption ? stack->caption : role_name(stack->role));
		if (stack->tid) {
			buffer_printf(out, " by ");
			text_thread(out, stack->tid, stack->thread_name);
		}
		buffer_printf(out, ":\n");
	}
	add_native(out, stack);
	add_python(out, stack);
}
