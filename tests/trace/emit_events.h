/* SPDX-License-Identifier: MIT */
/* The events that a script of emit.c can name. */
#ifndef PYTHREAD_TRACE_TESTS_EMIT_EVENTS_H
#define PYTHREAD_TRACE_TESTS_EMIT_EVENTS_H

#include "emit_command.h"

/* Emits the event that the command's first word names; false when there is none. */
bool events_emit(const struct provider *provider, const struct command *command);

/* The address of the provider's mark that an event of "pythread" is recorded. */
const int *events_enabled(const struct provider *provider, const char *name);

#endif
