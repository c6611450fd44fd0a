/* SPDX-License-Identifier: MIT */
/* The command line of `pythread-trace report`. */
#ifndef PYTHREAD_TRACE_BABELTRACE_ARGUMENTS_H
#define PYTHREAD_TRACE_BABELTRACE_ARGUMENTS_H

#include "babeltrace/settings.h"

struct arguments {
	struct settings settings;
	bool help, live;
	char **traces; /* what is left of argv: directories, or the URL */
	int trace_count;
};

/* False when it is not understood; a line has said why. */
bool arguments_parse(struct arguments *arguments, int argc, char **argv);

void arguments_help(void);

#endif
