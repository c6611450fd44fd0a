/* SPDX-License-Identifier: MIT */
/* What trace_load.c and trace_fork.c share. */
#ifndef PYTHREAD_TRACE_TRACE_INTERNAL_H
#define PYTHREAD_TRACE_TRACE_INTERNAL_H

#include "hook/trace.h"

/* What is traced by from now on. */
void trace_set_provider(const struct provider *provider);

/* From now on nobody wants an event; the provider's functions may be called still. */
void trace_fall_silent(void);

#endif
