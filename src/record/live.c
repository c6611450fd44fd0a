/* SPDX-License-Identifier: MIT */
#include "record/live.h"

#include "cli/command.h"
#include "cli/delegate.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 5000
#define PAUSE_MS 20

/* Its way to end is the end of the trace, so Ctrl-C is not for it. */
static void become(const char *program, char *url)
{
	char *argv[] = {"report", "--live", url, NULL};

	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	execv(program, argv);
	complain("%s cannot be run: %s", program, strerror(errno));
	_exit(STATUS_CANNOT_RUN);
}

/* As babeltrace2's live source wants it. */
static void print_url(const struct plan *plan, const char *session, char *out, size_t size)
{
	bool brackets = strchr(plan->relay.host, ':') != NULL;
	char own[256] = "";

	gethostname(own, sizeof(own) - 1);
	snprintf(out, size, "net://%s%s%s:%u/host/%s/%s", brackets ? "[" : "", plan->relay.host,
		 brackets ? "]" : "", plan->relay.live, own, session);
}

void live_start(struct live *live, const struct plan *plan, const char *session)
{
	char url[1024];
	char *program;

	live->pid = 0;
	print_url(plan, session, url, sizeof(url));
	if (plan->options->quiet) {
		complain("to watch from elsewhere: pythread-trace report --live %s", url);
		return;
	}
	program = delegate_find("report");
	if (!program)
		return;
	live->pid = fork();
	if (live->pid == 0)
		become(program, url);
	free(program);
}

void live_end(struct live *live)
{
	struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000};

	if (live->pid <= 0)
		return;
	for (int waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
		if (waitpid(live->pid, NULL, WNOHANG) != 0)
			return;
		nanosleep(&pause, NULL);
	}
	kill(live->pid, SIGTERM);
	waitpid(live->pid, NULL, 0);
}
