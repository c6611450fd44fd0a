/* SPDX-License-Identifier: MIT */
/*
 * Text that grows, outside malloc: a report may be written while the program's heap is broken.
 * When memory runs out the text is cut off and `failed` is set; nothing else happens.
 * Not thread safe. Start with a zeroed struct, end with buffer_free().
 */
#ifndef PYTHREAD_TRACE_BUFFER_H
#define PYTHREAD_TRACE_BUFFER_H

#include "base/common.h"

struct buffer {
	char *data; /* always NUL-terminated once something was added; NULL before */
	size_t length;
	size_t capacity;
	bool failed;
};

void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_add(struct buffer *buffer, const char *text, size_t length);
void buffer_clear(struct buffer *buffer); /* empty, memory kept */
void buffer_free(struct buffer *buffer);

#endif
