/* SPDX-License-Identifier: MIT */
/* Sites, as events have them. Inside the tool's work. */
#ifndef PYTHREAD_TRACE_TRACE_SITE_H
#define PYTHREAD_TRACE_TRACE_SITE_H

#include "hook/trace.h"
#include "stack/stack.h"

struct trace_place {
	struct trace_site site;
	uintptr_t ip[STACK_DEPTH_MAX];
};

/* Tells the site's Python stack unless it was told. */
void trace_tell_python(const struct site *site);

/* The same, and puts the site in the form that events have. */
const struct trace_site *trace_site(struct trace_place *place, const struct site *site);

#endif
