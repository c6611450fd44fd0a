/* SPDX-License-Identifier: MIT */
#include "cli/joining.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define VARIABLE "PYTHREAD_TRACE_JOINING"

void joining_begin(struct joining *joining)
{
	int ends[2];

	*joining = (struct joining){-1, -1};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0)
		*joining = (struct joining){ends[0], ends[1]};
}

void joining_pass_on(const struct joining *joining)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", joining->report);
	if (joining->report >= 0 && fcntl(joining->report, F_SETFD, 0) == 0)
		setenv(VARIABLE, number, 1);
}

bool joining_wait(struct joining *joining, int milliseconds)
{
	struct pollfd told = {.fd = joining->own, .events = POLLIN};
	bool in_time;

	if (joining->own < 0)
		return true;
	/* Open nowhere but in the report: its end is seen here as well. */
	close(joining->report);
	in_time = poll(&told, 1, milliseconds) != 0;
	close(joining->own);
	return in_time;
}

void joining_tell(void)
{
	const char *number = getenv(VARIABLE);

	if (number)
		send(atoi(number), "", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}
