/* SPDX-License-Identifier: MIT */
/* What the parts of loading the provider know of each other. Inside src/hook/ only. */
#ifndef PYTHREAD_TRACE_TRACE_INTERNAL_H
#define PYTHREAD_TRACE_TRACE_INTERNAL_H

#include "hook/trace.h"

/* trace_load.c: traces by this provider from now on. */
void trace_set_provider(const struct provider *provider);

/* trace_load.c: no event is wanted from now on; the provider's functions may be called still. */
void trace_fall_silent(void);

/*
 * trace_listener.c: keeps LTTng's library, which has this code, from crashing at the end of the
 * process. Once, when it has been loaded; NULL: nothing is done.
 */
void trace_guard_listeners(const void *code);

#endif
