/* SPDX-License-Identifier: MIT */
/* Mutexes as text: what they cost, and who waits for them. */
#ifndef PYTHREAD_TRACE_TEXT_MUTEX_H
#define PYTHREAD_TRACE_TEXT_MUTEX_H

#include "base/buffer.h"
#include "report/document.h"

/* One line a mutex; details: two more on where it was used. Nothing where there is none. */
void text_mutexes(struct buffer *out, const struct document *document, bool details);

/* Who waits for what, since when, and who holds it. Nothing where nobody waits. */
void text_waits(struct buffer *out, const struct document *document);

#endif
