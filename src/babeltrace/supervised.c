/* SPDX-License-Identifier: MIT */
#include "babeltrace/supervised.h"

#include "babeltrace/recorded.h"
#include "babeltrace/salvage.h"
#include "babeltrace/sanitized.h"
#include "cli/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMORY_MAX ((rlim_t)3 << 30)

static volatile sig_atomic_t child;

static void pass_on(int signal)
{
	if (child > 0)
		kill((pid_t)child, signal); /* of a process that is there: errno stays */
}

/* A sequence of four billion elements is to end the reading, not the machine. */
static void limit_memory(void)
{
	struct rlimit memory = {.rlim_cur = MEMORY_MAX};
	const struct rlimit core = {0};
	struct rlimit old;

	setrlimit(RLIMIT_CORE, &core);
	if (SANITIZED || getrlimit(RLIMIT_AS, &old) != 0)
		return;
	memory.rlim_max = old.rlim_max;
	if (old.rlim_cur == RLIM_INFINITY || old.rlim_cur > memory.rlim_cur)
		setrlimit(RLIMIT_AS, &memory);
}

static void become_child(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(STATUS_SETUP);
	limit_memory();
}

static int start(const struct arguments *arguments, uint64_t *taken, uint64_t stop,
		 const char *broken)
{
	pid_t parent = getpid(), pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		complain("no process can be started: %s", strerror(errno));
		return W_EXITCODE(STATUS_SETUP, 0);
	}
	if (pid == 0) {
		become_child(parent);
		exit(command_finish(recorded_report(arguments, taken, stop, broken)));
	}
	child = pid;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	child = 0;
	return status;
}

static void heed_signals(void)
{
	struct sigaction action = {.sa_handler = pass_on}, old;

	/* Ctrl-C reaches the child by itself. */
	if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		signal(SIGINT, pass_on);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static bool ended_by_user(int status)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGPIPE;
}

static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int second_try(const struct arguments *arguments, uint64_t *taken, int status)
{
	char broken[256];
	uint64_t stop = *taken;

	if (stop)
		snprintf(broken, sizeof(broken),
			 "the trace is damaged: babeltrace2 broke down (%s) after %llu messages, "
			 "and only these were read",
			 strsignal(WTERMSIG(status)), (unsigned long long)stop);
	else
		snprintf(broken, sizeof(broken),
			 "the trace is damaged: babeltrace2 broke down (%s), and read it without "
			 "its index then",
			 strsignal(WTERMSIG(status)));
	*taken = 0;
	status = start(arguments, taken, stop ? stop : UINT64_MAX, broken);
	if (!WIFSIGNALED(status) || ended_by_user(status))
		return status_of(status);
	complain("%s: the trace is damaged: babeltrace2 broke down (%s)", arguments->traces[0],
		 strsignal(WTERMSIG(status)));
	return STATUS_SETUP;
}

int supervised_report(const struct arguments *arguments)
{
	uint64_t *taken = mmap(NULL, sizeof(*taken), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;

	if (taken == MAP_FAILED) {
		complain("out of memory");
		return STATUS_SETUP;
	}
	heed_signals();
	salvage_begin();
	status = start(arguments, taken, UINT64_MAX, NULL);
	if (WIFSIGNALED(status) && !ended_by_user(status))
		status = second_try(arguments, taken, status);
	else
		status = status_of(status);
	salvage_end();
	munmap(taken, sizeof(*taken));
	return status;
}
