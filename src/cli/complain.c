/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#define LINE_SIZE (1024 + 2 * PATH_MAX) /* the end of a recording names its directory twice */

void complain(const char *format, ...)
{
	char line[LINE_SIZE];
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

int command_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	complain("standard output cannot be written");
	return status ? status : STATUS_SETUP;
}
