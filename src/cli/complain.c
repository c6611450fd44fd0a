/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>

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

int command_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	complain("standard output cannot be written");
	return status ? status : STATUS_SETUP;
}
