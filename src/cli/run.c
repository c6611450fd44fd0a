/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/launch.h"
#include "cli/library.h"
#include "cli/program.h"
#include "cli/request.h"

#include <stdlib.h>
#include <unistd.h>

/* The program is executed in place, so it will be this process. */
static int execute(struct request *request, char **argv)
{
	int status = STATUS_SETUP;
	char *library, *program;

	if (!request_add_root(request, getpid()))
		return STATUS_SETUP;
	program = program_find(argv[0], &status);
	if (!program)
		return status;
	library = library_path();
	if (library && launch_prepare(library, request->text.data)) {
		program_warn(program);
		execv(program, argv);
		status = launch_failed(program);
	}
	free(library);
	free(program);
	return status;
}

static int run(const struct arguments *arguments, char **argv)
{
	struct request request;
	int status = request_make(&request, arguments);

	if (status == 0)
		status = execute(&request, argv);
	request_free(&request);
	return status;
}

int command_run(int argc, char **argv)
{
	struct arguments arguments;
	int status = STATUS_USAGE;

	if (arguments_parse(&arguments, argc, argv)) {
		if (arguments.help)
			status = arguments_help(argv[0]);
		else if (arguments.program)
			status = run(&arguments, argv + arguments.program);
		else
			complain("run: which PROGRAM? 'pythread-trace run --help' tells more");
	}
	arguments_free(&arguments);
	return status;
}
