/* SPDX-License-Identifier: MIT */
/* The contexts that can be added to events of programs, by LTTng's names for them. */
#ifndef PYTHREAD_TRACE_RECORD_CONTEXT_H
#define PYTHREAD_TRACE_RECORD_CONTEXT_H

#include "base/common.h"

/* Whether all of a list of names, with commas between them, exist; else one line says which not. */
bool contexts_check(const char *list);

/*
 * Called for each of the list, with its number in LTTng (enum lttng_event_context_type). False, at
 * once, when that returns false.
 */
bool contexts_each(const char *list, bool (*call)(void *data, const char *name, int type),
		   void *data);

#endif
