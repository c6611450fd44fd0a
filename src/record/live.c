/* SPDX-License-Identifier: MIT */
#include "record/live.h"

#include "cli/command.h"
#include "cli/delegate.h"
#include "cli/joining.h"
#include "record/forerun.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define JOIN_MS 5000
#define PATIENCE_MS 5000
#define PAUSE_MS 20

/* On standard error. Its way to end is the end of the trace, so Ctrl-C is not for it. */
static void become(const char *program, char *const argv[])
{
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

/* 0 or less: there is none. */
static pid_t start(char *const argv[], const struct joining *joining)
{
	char *program = delegate_find(argv[0]);
	pid_t child = program ? fork() : 0;

	if (program && child == 0) {
		if (joining)
			joining_pass_on(joining);
		become(program, argv);
	}
	free(program);
	return child;
}

/* The same, and waits until it has joined the session: it sees nothing of what comes before. */
static pid_t start_joining(char *const argv[])
{
	struct joining joining;
	pid_t child;

	joining_begin(&joining);
	child = start(argv, &joining);
	if (!joining_wait(&joining, JOIN_MS))
		complain("the live view is late: what comes before it is in the trace alone");
	return child;
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
	char *argv[] = {"report", "--live", url, NULL};

	live->pid = 0;
	forerun(true);
	print_url(plan, session, url, sizeof(url));
	if (plan->options->quiet)
		complain("to watch from elsewhere: pythread-trace report --live %s", url);
	else
		live->pid = start_joining(argv);
}

bool live_end(struct live *live)
{
	struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000};
	pid_t ended = 0;
	int status = 0;

	if (live->pid <= 0)
		return true;
	for (int waited = 0; !ended && waited < PATIENCE_MS; waited += PAUSE_MS) {
		ended = waitpid(live->pid, &status, WNOHANG);
		if (!ended)
			nanosleep(&pause, NULL);
	}
	if (!ended) {
		kill(live->pid, SIGTERM);
		waitpid(live->pid, NULL, 0);
		return true;
	}
	if (!WIFSIGNALED(status))
		return true;
	complain("the live view crashed (%s); the trace is whole", strsignal(WTERMSIG(status)));
	return false;
}

void live_replace(const struct plan *plan)
{
	char *argv[] = {"report", plan->directory, NULL};
	pid_t child = plan->directory ? start(argv, NULL) : 0;

	if (child > 0)
		waitpid(child, NULL, 0);
}
