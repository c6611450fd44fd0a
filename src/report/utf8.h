/* SPDX-License-Identifier: MIT */
/*
 * Names come from debug information, file systems and programs: any byte may be in them. Thread
 * safe, as long as the buffers are different ones.
 */
#ifndef PYTHREAD_TRACE_UTF8_H
#define PYTHREAD_TRACE_UTF8_H

#include "base/buffer.h"

/* How many bytes the well-formed character at `text` has, 1 to 4; 0 when there is none. */
unsigned int utf8_length(const char *text);

/* Control characters and broken bytes as \xNN, so that no name can steer a terminal. */
void utf8_add_printable(struct buffer *out, const char *text);

/* Broken bytes as U+FFFD: what is left is well-formed. */
void utf8_add_wellformed(struct buffer *out, const char *text);

#endif
