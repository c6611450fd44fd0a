/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_CONFIG_H
#include <config.h>
#endif

static const struct command {
	const char *name;
	int (*main)(int argc, char **argv); /* NULL: in a later version */
	const char *arguments, *help;
} commands[] = {
	{"run", command_run, "[options] [--] PROGRAM [ARG]...",
	 "run PROGRAM with checks on, report at its end"},
	{"doctor", command_doctor, "[--] [PYTHON | EXTENSION.so]",
	 "what can be seen in it, what cannot, and why"},
	{"record", NULL, NULL, NULL},
	{"report", NULL, NULL, NULL},
	{"views", NULL, NULL, NULL},
};

void complain(const char *format, ...)
{
	char line[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	for (char *at = line; *at; at++) {
		if ((unsigned char)*at < ' ')
			*at = '?';
	}
	fprintf(stderr, "pythread-trace: %s\n", line);
}

static void usage(FILE *stream)
{
	fputs("Usage: pythread-trace COMMAND [ARG]...\n"
	      "Watches the thread keys and mutexes that CPython hands to C extensions.\n\n",
	      stream);
	for (size_t i = 0; i < countof(commands); i++) {
		if (commands[i].main)
			fprintf(stream, "  %-6s %-33s %s\n", commands[i].name,
				commands[i].arguments, commands[i].help);
	}
	fputs("\n'pythread-trace COMMAND --help' tells more, and so does pythread-trace(1).\n",
	      stream);
}

static int dispatch(int argc, char **argv)
{
	for (size_t i = 0; i < countof(commands); i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		if (commands[i].main)
			return commands[i].main(argc, argv);
		complain("'%s' is not in this version of pythread-trace", argv[0]);
		return STATUS_USAGE;
	}
	complain("'%s' is not a command; 'pythread-trace --help' lists them", argv[0]);
	return STATUS_USAGE;
}

/* What was printed must have arrived: help and doctor's answer may go to a full disk. */
static int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	complain("standard output cannot be written");
	return status ? status : STATUS_SETUP;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		usage(stdout);
		return finish(EXIT_SUCCESS);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts(PACKAGE_STRING);
		return finish(EXIT_SUCCESS);
	}
	if (argv[1][0] == '-') {
		complain("%s: no such option; 'pythread-trace --help' tells what there is",
			 argv[1]);
		return STATUS_USAGE;
	}
	return finish(dispatch(argc - 1, argv + 1));
}
