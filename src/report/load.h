/* SPDX-License-Identifier: MIT */
/*
 * Loads the report plug-in at the first need.
 *
 * The dynamic linker has one lock, and another thread may hold it (in a library's constructor)
 * while it waits for the caller. So dlopen runs in a helper thread, for which the caller waits two
 * seconds at most. Only under the report's output lock.
 */
#ifndef PYTHREAD_TRACE_LOAD_H
#define PYTHREAD_TRACE_LOAD_H

#include "report/plugin.h"

/* The path must stay as it is. */
void load_init(const char *plugin_path);

enum load_when {
	LOAD_IN_PASSING,
	LOAD_PATIENTLY, /* for the final report */
	LOAD_AT_END,	/* for that of a process that ends with it */
};

/*
 * The plug-in, or NULL and in *why the reason, as part of a sentence. The first call waits; a later
 * one does while the load is still under way, unless it is LOAD_IN_PASSING.
 */
const struct report_plugin *load_plugin(enum load_when when, const char **why);

/*
 * In a forked child. torn: another thread was using the plug-in when the process was copied, so
 * its data cannot be trusted here.
 */
void load_after_fork(bool torn);

#endif
