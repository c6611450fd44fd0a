/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "record/keeper_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* An enum keeper_answer. 0: no more will come. */
static char hear(const struct keeper *keeper)
{
	char byte = 0;
	ssize_t got;

	do
		got = read(keeper->answer, &byte, 1);
	while (got < 0 && errno == EINTR);
	return byte;
}

bool keeper_start(struct keeper *keeper, const struct plan *plan, const char *home)
{
	int control[2], answer[2], status;

	if (pipe2(control, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0 ||
	    (keeper->pid = fork()) < 0) {
		complain("no process can be made: %s", strerror(errno));
		return false;
	}
	if (keeper->pid == 0)
		keeper_run(plan, home, control[0], answer[1]);
	close(control[0]);
	close(answer[1]);
	keeper->control = control[1];
	keeper->answer = answer[0];
	if (hear(keeper) == KEEPER_READY)
		return true;
	close(keeper->control);
	if (waitpid(keeper->pid, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != EXIT_FAILURE) /* where it has not said why itself */
		complain("the process that is to end the recording is gone");
	return false;
}

void keeper_watch(const struct keeper *keeper, const char *session)
{
	if (write(keeper->control, session, strlen(session) + 1) < 0)
		complain("warning: nobody ends the recording if this command is killed: %s",
			 strerror(errno));
}

void keeper_finish(struct keeper *keeper, bool answers)
{
	char done = answers ? KEEPER_DONE : KEEPER_HANGS;

	if (write(keeper->control, &done, 1) < 0)
		complain("warning: the process that ends the daemons is gone");
	close(keeper->control);
	hear(keeper);
}

void keeper_end(struct keeper *keeper)
{
	switch (hear(keeper)) {
	case KEEPER_ENDED:
		waitpid(keeper->pid, NULL, 0);
		break;
	case KEEPER_IN_USE:
		complain("the session daemon that was started for this is used by others, and "
			 "runs until they have done");
		break;
	default:
		complain("warning: nothing says whether LTTng's daemons have ended");
	}
}
