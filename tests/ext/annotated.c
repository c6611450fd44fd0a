/* SPDX-License-Identifier: MIT */
/* Keys with names for the reader of a report, and a report whenever report() is called. */
#include "ext.h"

#include <pythread-trace/pythread-trace.h>

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;

STEP(run)
{
	int old_key = PyThread_create_key();

	PyThread_tss_create(&cache_key);
	pythread_trace_name(&cache_key, "the annotated cache");
	pythread_trace_name_key(old_key, "old cache");
}

STEP(report)
{
	pythread_trace_report();
}

MODULE(METHOD(run), METHOD(report))
