/* SPDX-License-Identifier: MIT */
/* The plug-in for babeltrace2: sink.pythread.report. */
#include "babeltrace/sink.h"
#include "config.h"

static const char help[] =
	"Reads the events of pythread-trace and reports what they say: findings, mutexes that "
	"threads waited for, keys.\n\n"
	"Parameters, all optional:\n\n"
	"  format        \"text\" (default) or \"json\"\n"
	"  output        file to write to instead of standard output\n"
	"  sysroot       directory that stands before the paths of libraries\n"
	"  debug-dir     directory (or list of them) with debug files by build id, besides "
	"/usr/lib/debug\n"
	"  suppressions  file (or list of them) with suppressions\n"
	"  top           how many mutexes and longest waits are shown; 10, and 5 waits in the "
	"text\n"
	"  all           true: also mutexes that nobody waited for\n";

#pragma GCC visibility push(default)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
BT_PLUGIN_MODULE();
#pragma GCC diagnostic pop
#pragma GCC visibility pop

BT_PLUGIN(pythread);
BT_PLUGIN_DESCRIPTION("Reports on CPython's thread keys and mutexes, from pythread-trace's events");
BT_PLUGIN_LICENSE("MIT");

BT_PLUGIN_SINK_COMPONENT_CLASS(report, sink_consume);
BT_PLUGIN_SINK_COMPONENT_CLASS_DESCRIPTION(report, "Report what pythread-trace's events say.");
BT_PLUGIN_SINK_COMPONENT_CLASS_HELP(report, help);
BT_PLUGIN_SINK_COMPONENT_CLASS_INITIALIZE_METHOD(report, sink_initialize);
BT_PLUGIN_SINK_COMPONENT_CLASS_GRAPH_IS_CONFIGURED_METHOD(report, sink_configured);
BT_PLUGIN_SINK_COMPONENT_CLASS_FINALIZE_METHOD(report, sink_finalize);
