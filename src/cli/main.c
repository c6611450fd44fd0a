/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/delegate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_CONFIG_H
#include <config.h>
#endif

static const struct command {
	const char *name;
	int (*main)(int argc, char **argv); /* NULL: a program of its own */
	const char *arguments, *help;
} commands[] = {
	{"run", command_run, "[options] [--] PROGRAM [ARG]...",
	 "run PROGRAM with checks on, report at its end"},
	{"record", NULL, "[options] [--] PROGRAM [ARG]...", "the same, and record an LTTng trace"},
	{"report", NULL, "[options] TRACE...", "what recorded traces say"},
	{"doctor", NULL, "[--] [PYTHON | EXTENSION.so]",
	 "what can be seen in it, what cannot, and why"},
	{"views", command_views, "[install | path | list]", "the views for Trace Compass"},
};

static void usage(FILE *stream)
{
	fputs("Usage: pythread-trace COMMAND [ARG]...\n"
	      "Watches the thread keys and mutexes that CPython hands to C extensions.\n\n",
	      stream);
	for (size_t i = 0; i < countof(commands); i++) {
		fprintf(stream, "  %-6s %-33s %s\n", commands[i].name, commands[i].arguments,
			commands[i].help);
	}
	fputs("\n'pythread-trace COMMAND --help' tells more, and so does pythread-trace(1).\n",
	      stream);
}

static int dispatch(int argc, char **argv)
{
	for (size_t i = 0; i < countof(commands); i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		return commands[i].main ? commands[i].main(argc, argv) : delegate(argv);
	}
	complain("'%s' is not a command; 'pythread-trace --help' lists them", argv[0]);
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		usage(stdout);
		return command_finish(EXIT_SUCCESS);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts(PACKAGE_STRING);
		return command_finish(EXIT_SUCCESS);
	}
	if (argv[1][0] == '-') {
		complain("%s: no such option; 'pythread-trace --help' tells what there is",
			 argv[1]);
		return STATUS_USAGE;
	}
	return command_finish(dispatch(argc - 1, argv + 1));
}
