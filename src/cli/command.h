/* SPDX-License-Identifier: MIT */
/* What the parts of the command share. */
#ifndef PYTHREAD_TRACE_COMMAND_H
#define PYTHREAD_TRACE_COMMAND_H

#include "base/common.h"

/* Exit statuses of the command itself, as env(1) and nohup(1) have them. */
enum {
	STATUS_USAGE = 2,
	STATUS_SETUP = 125,
	STATUS_CANNOT_RUN = 126,
	STATUS_NOT_FOUND = 127,
};

/* One line on standard error, after "pythread-trace: ". Give no line end. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The exit status, after what was printed has arrived: help and answers may go to a full disk, and
 * then there is a line that says so.
 */
int command_finish(int status);

/* Each takes its own arguments, argv[0] being the command's name, and returns the exit status. */
int command_run(int argc, char **argv);
int command_views(int argc, char **argv);

#endif
