/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/launch.h"
#include "cli/library.h"
#include "cli/program.h"
#include "options/options.h"
#include "report/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * What the user's environment asks for, to be followed by more. A lone backslash at its end would
 * escape the colon that comes next.
 */
static void add_environment(struct buffer *text)
{
	const char *given = getenv(OPTIONS_VARIABLE);
	size_t length, backslashes = 0;

	if (!given || !*given)
		return;
	length = strlen(given);
	while (backslashes < length && given[length - 1 - backslashes] == '\\')
		backslashes++;
	buffer_add(text, given, length);
	if (backslashes % 2)
		buffer_add(text, "\\", 1);
}

/* The program is executed in place, so it will be this process. */
static void add_root(struct buffer *text)
{
	char number[24];

	snprintf(number, sizeof(number), "%d", (int)getpid());
	options_append(text, "root", number);
}

/* The whole text, as the library will read it: what is wrong there must be said here. */
static bool check(const char *text)
{
	struct options options;
	struct options_error error;
	struct rule *rules = NULL;
	bool good;

	options_default(&options);
	good = options_parse(&options, text, &error);
	for (unsigned int i = 0; good && i < options.suppressions.count; i++)
		good = rules_read(&rules, options.suppressions.path[i], &error);
	if (!good)
		complain("%s", error.text);
	return good;
}

static int execute(const struct arguments *arguments, char **argv)
{
	struct buffer text = {0};
	int status = STATUS_SETUP;
	char *program = NULL, *library = NULL;

	add_environment(&text);
	if (arguments->options.length)
		buffer_printf(&text, "%s%s", text.length ? ":" : "", arguments->options.data);
	add_root(&text);
	if (text.failed) {
		complain("there is no memory left for the options");
		goto out;
	}
	if (!check(text.data)) {
		status = STATUS_USAGE;
		goto out;
	}
	program = program_find(argv[0], &status);
	if (!program)
		goto out;
	library = library_path();
	if (!library || !launch_prepare(library, text.data))
		goto out;
	program_warn(program);
	execv(program, argv);
	status = launch_failed(program);
out:
	free(library);
	free(program);
	buffer_free(&text);
	return status;
}

int command_run(int argc, char **argv)
{
	struct arguments arguments;
	int status = STATUS_USAGE;

	if (arguments_parse(&arguments, argc, argv)) {
		if (arguments.help)
			status = arguments_help();
		else if (arguments.program)
			status = execute(&arguments, argv + arguments.program);
		else
			complain("run: which PROGRAM? 'pythread-trace run --help' tells more");
	}
	buffer_free(&arguments.options);
	return status;
}
