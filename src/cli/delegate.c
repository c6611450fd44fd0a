/* SPDX-License-Identifier: MIT */
#include "cli/delegate.h"

#include "cli/command.h"
#include "cli/place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where each is in the build tree. */
static const char *const programs[] = {"/src/cli/doctor", "/src/record/record",
				       "/src/babeltrace/report"};

char *delegate_find(const char *command)
{
	for (size_t i = 0; i < countof(programs); i++) {
		if (strcmp(strrchr(programs[i], '/') + 1, command) == 0)
			return place_find(programs[i], PKGLIBEXECDIR);
	}
	complain("'%s' is not a command with a program of its own", command);
	return NULL;
}

int delegate(char **argv)
{
	char *program = delegate_find(argv[0]);

	if (!program)
		return STATUS_SETUP;
	execv(program, argv);
	complain("%s cannot be run: %s", program, strerror(errno));
	free(program);
	return STATUS_SETUP;
}
