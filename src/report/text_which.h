/* SPDX-License-Identifier: MIT */
/* Words that say which mutex, and where. Each begins with a blank. */
#ifndef PYTHREAD_TRACE_TEXT_WHICH_H
#define PYTHREAD_TRACE_TEXT_WHICH_H

#include "base/buffer.h"
#include "report/document.h"

/* Its name, its variable, and its library, for use after the address. */
void text_mutex_words(struct buffer *out, const struct shown_mutex_id *id);

/* The same, or where neither name nor variable is known, its place in the library or in memory. */
void text_mutex_which(struct buffer *out, const struct shown_mutex_id *id);

/* What happened, and the innermost frame of where it did: native, then Python. */
void text_first_frame(struct buffer *out, const char *what, const struct shown_stack *stack);

#endif
