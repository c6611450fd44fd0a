/* SPDX-License-Identifier: MIT */
/* Functions of struct provider that are more than an event; see there. */
#ifndef PYTHREAD_TRACE_TRACEPOINTS_INTERNAL_H
#define PYTHREAD_TRACE_TRACEPOINTS_INTERNAL_H

#include "tracepoints/provider.h"

void session_attach(const struct trace_host *host);

bool fork_before(void);
void fork_after(enum trace_fork_side side);

bool symbol_at(const char *path, uintptr_t offset, char *out, size_t size);

#endif
