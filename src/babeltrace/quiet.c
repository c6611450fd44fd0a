/* SPDX-License-Identifier: MIT */
#include "babeltrace/quiet.h"

#include "babeltrace/sanitized.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int saved = -1;

void quiet_begin(void)
{
	int nowhere;

	if (SANITIZED || saved >= 0)
		return;
	fflush(stderr);
	saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (saved >= 0 && nowhere >= 0)
		dup2(nowhere, STDERR_FILENO);
	if (nowhere >= 0)
		close(nowhere);
}

void quiet_end(void)
{
	if (saved < 0)
		return;
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	saved = -1;
}

int quiet_fd(void)
{
	return saved >= 0 ? saved : STDERR_FILENO;
}
