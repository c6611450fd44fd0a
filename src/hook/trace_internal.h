/* SPDX-License-Identifier: MIT */
/* What trace_load.c and trace_fork.c share. */
#ifndef PYTHREAD_TRACE_TRACE_INTERNAL_H
#define PYTHREAD_TRACE_TRACE_INTERNAL_H

#include "hook/trace.h"

/* What is traced by from now on. */
void trace_set_provider(const struct provider *provider);

/* From now on nobody wants an event; the provider's functions may be called still. */
void trace_fall_silent(void);

/* LTTng's library was loaded, and this is in it: may its end be none of the program's. */
void trace_guard_listeners(const void *code);

#endif
