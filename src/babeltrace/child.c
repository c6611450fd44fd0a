/* SPDX-License-Identifier: MIT */
#include "babeltrace/child.h"

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

static const int passed[] = {SIGINT, SIGTERM, SIGHUP};

#define PASSED (sizeof(passed) / sizeof(passed[0]))

static struct sigaction usual[PASSED];
static volatile sig_atomic_t child, came;

static void pass_on(int signal, siginfo_t *info, void *context)
{
	(void)context;
	came = 1;
	/* Ctrl-C reaches the child by itself, and a second one would end it. */
	if (child > 0 && info->si_code != SI_KERNEL)
		kill((pid_t)child, signal); /* of a process that is there: errno stays */
}

void child_heed_signals(void)
{
	struct sigaction action = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO};

	/* Ignored, as whoever started us may have left it, it takes the children's status away. */
	signal(SIGCHLD, SIG_DFL);
	for (unsigned int i = 0; i < PASSED; i++) {
		sigaction(passed[i], NULL, &usual[i]);
		if (passed[i] != SIGINT || usual[i].sa_handler != SIG_IGN)
			sigaction(passed[i], &action, NULL);
	}
}

bool child_signals_came(void)
{
	return came;
}

static void become_child(pid_t parent)
{
	const struct rlimit core = {0};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(STATUS_SETUP);
	setrlimit(RLIMIT_CORE, &core);
	for (unsigned int i = 0; i < PASSED; i++)
		sigaction(passed[i], &usual[i], NULL);
}

/* No signal is to come between a child's birth and the moment that its number is known. */
static pid_t start(sigset_t *old)
{
	pid_t parent = getpid(), pid;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, old);
	pid = fork();
	if (pid == 0)
		become_child(parent);
	child = pid;
	sigprocmask(SIG_SETMASK, old, NULL);
	return pid;
}

int child_run(int (*work)(void *context), void *context)
{
	int status;
	sigset_t old;
	pid_t pid;

	fflush(stdout);
	pid = start(&old);
	if (pid < 0) {
		complain("no process can be started: %s", strerror(errno));
		return W_EXITCODE(STATUS_SETUP, 0);
	}
	if (pid == 0)
		exit(work(context));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	child = 0;
	return status;
}

bool child_broke_down(int status)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	return number && number != SIGINT && number != SIGTERM && number != SIGHUP &&
	       number != SIGPIPE;
}

int child_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void *child_share(size_t size)
{
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared != MAP_FAILED)
		return shared;
	complain("out of memory");
	return NULL;
}
