/* SPDX-License-Identifier: MIT */
/* The command line of "run" and of "record". */
#ifndef PYTHREAD_TRACE_CLI_ARGUMENTS_H
#define PYTHREAD_TRACE_CLI_ARGUMENTS_H

#include "base/buffer.h"

struct arguments {
	struct buffer options; /* for options_append(); empty when none was given */
	struct buffer record;  /* likewise: those that are for "record" alone */
	int program;	       /* index of PROGRAM in argv; 0: there is none */
	bool help;	       /* asked for; everything else is then meaningless */
};

/*
 * False after one line that says what is wrong. argv[0] is the command. End with
 * arguments_free() in both cases.
 */
bool arguments_parse(struct arguments *arguments, int argc, char **argv);
void arguments_free(struct arguments *arguments);

/* Prints the command's help. The exit status. */
int arguments_help(const char *command);

#endif
