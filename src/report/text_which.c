/* SPDX-License-Identifier: MIT */
#include "report/text_which.h"

#include "report/text_stack.h"
#include "report/utf8.h"

void text_mutex_words(struct buffer *out, const struct shown_mutex_id *id)
{
	text_quoted(out, id->name);
	if (id->symbol) {
		buffer_printf(out, " ");
		utf8_add_printable(out, id->symbol);
		if (id->into) /* one of many in an array, perhaps */
			buffer_printf(out, "+0x%lx", (unsigned long)id->into);
	}
	if (id->module) {
		buffer_printf(out, id->is_home ? " in " : " first used by ");
		utf8_add_printable(out, text_base_name(id->module));
	}
}

void text_mutex_which(struct buffer *out, const struct shown_mutex_id *id)
{
	if (id->name || id->symbol) {
		text_mutex_words(out, id);
	} else if (id->is_home) {
		buffer_printf(out, " ");
		utf8_add_printable(out, text_base_name(id->module));
		buffer_printf(out, "+0x%lx", (unsigned long)id->offset);
	} else {
		buffer_printf(out, " 0x%lx", (unsigned long)(uintptr_t)id->address);
	}
}

void text_first_frame(struct buffer *out, const char *what, const struct shown_stack *stack)
{
	const struct shown_python_frame *python = stack->python;

	buffer_printf(out, "%s", what);
	if (stack->native_count)
		text_place(out, &stack->native[0]);
	if (stack->python_count && python->file) {
		buffer_printf(out, ", ");
		utf8_add_printable(out, python->file);
		if (python->line > 0)
			buffer_printf(out, ":%d", python->line);
	}
}
