/* SPDX-License-Identifier: MIT */
/* The program behind "pythread-trace doctor": it asks an interpreter, and reads JSON. */
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/extension.h"
#include "cli/library.h"
#include "cli/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATUS_NOT_HOOKED 1

static const char help[] =
	"Usage: pythread-trace doctor [--] [PYTHON | EXTENSION.so]\n"
	"Runs the interpreter PYTHON (python3) once and tells what can be seen in it, what cannot, "
	"and why.\n"
	"Given the file of an extension, tells whether every operation on its PyMutexes will be "
	"seen.\n\n"
	"Exit status: 0 when every function is hooked, 1 when one is not; 125, 126, 127 as for "
	"run.\n";

/* Only CPython has these functions. */
static bool is_cpython(const struct answer *answer, const char *python)
{
	struct json_object *field = json_object_object_get(answer->probe, "implementation");
	const char *implementation = field ? json_object_get_string(field) : "unknown";

	if (strcmp(implementation, "cpython") == 0)
		return true;
	complain("'%s' is not CPython but %s, which has no PyThread functions to watch", python,
		 implementation);
	return false;
}

static int examine_in(const char *python, const char *library)
{
	struct answer answer;
	int status = answer_get(&answer, python, library);

	if (status == 0 && !is_cpython(&answer, python))
		status = STATUS_CANNOT_RUN;
	else if (status == 0 && !answer_show(&answer))
		status = STATUS_NOT_HOOKED;
	answer_free(&answer);
	return status;
}

static int examine(const char *name)
{
	int status = STATUS_SETUP;
	char *library, *python;

	if (extension_is(name))
		return extension_examine(name);
	python = program_find(name, &status);
	if (!python)
		return status;
	library = library_path();
	if (library)
		status = examine_in(python, library);
	free(library);
	free(python);
	return status;
}

static int doctor(int argc, char **argv)
{
	int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		fputs(help, stdout);
		return EXIT_SUCCESS;
	}
	if (first == 1 && argc > 1 && argv[1][0] == '-') {
		complain("%s: no such option; 'pythread-trace doctor --help' tells more", argv[1]);
		return STATUS_USAGE;
	}
	if (argc > first + 1) {
		complain("doctor: one PYTHON at a time, so '%s' is too much", argv[first + 1]);
		return STATUS_USAGE;
	}
	return examine(argc > first ? argv[first] : "python3");
}

int main(int argc, char **argv)
{
	return command_finish(doctor(argc, argv));
}
