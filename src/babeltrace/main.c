/* SPDX-License-Identifier: MIT */
#include "babeltrace/arguments.h"
#include "babeltrace/live_supervised.h"
#include "babeltrace/supervised.h"
#include "cli/command.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
	struct arguments arguments;

	if (!arguments_parse(&arguments, argc, argv))
		return STATUS_USAGE;
	if (arguments.help) {
		arguments_help();
		return command_finish(EXIT_SUCCESS);
	}
	return command_finish(arguments.live ? live_supervised_report(&arguments)
					     : supervised_report(&arguments));
}
