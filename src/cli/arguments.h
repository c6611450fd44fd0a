/* SPDX-License-Identifier: MIT */
/* The command line of "run". */
#ifndef PYTHREAD_TRACE_ARGUMENTS_H
#define PYTHREAD_TRACE_ARGUMENTS_H

#include "base/buffer.h"

struct arguments {
	struct buffer options; /* for options_append(); empty when none was given */
	int program;	       /* index of PROGRAM in argv; 0: there is none */
	bool help;	       /* asked for; everything else is then meaningless */
};

/* False after one line that says what is wrong. End with buffer_free(&arguments->options). */
bool arguments_parse(struct arguments *arguments, int argc, char **argv);

/* Prints it. The exit status. */
int arguments_help(void);

#endif
