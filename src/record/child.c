/* SPDX-License-Identifier: MIT */
#include "record/child.h"

#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIGNAL_STATUS 128 /* added to a signal's number, as shells do */

static const int passed_on[] = {SIGTERM, SIGHUP};
static const int of_terminal[] = {SIGINT, SIGQUIT};
static volatile sig_atomic_t program;
static bool taken[countof(of_terminal)]; /* was not ignored, and is as long as the program runs */

static void pass_on(int number)
{
	int error = errno;

	if (program > 0)
		kill((pid_t)program, number);
	errno = error;
}

static void end_at_once(int number)
{
	_exit(SIGNAL_STATUS + number);
}

/* What is ignored, as under nohup(1), stays so. Whether it is not. */
static bool handle(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART | flags}, present;

	return sigaction(number, NULL, &present) == 0 && present.sa_handler != SIG_IGN &&
	       sigaction(number, &action, NULL) == 0;
}

/* As read(2). */
static ssize_t read_byte(int fd, unsigned char *byte)
{
	ssize_t got;

	do
		got = read(fd, byte, 1);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Never returns: in the child. */
static void wait_and_become(int go, int outcome, int (*become)(void *data), void *data)
{
	unsigned char byte = STATUS_SETUP;
	ssize_t got = read_byte(go, &byte);

	if (got == 0) /* it is not to begin */
		_exit(STATUS_SETUP);
	if (got > 0)
		byte = (unsigned char)become(data);
	else
		complain("the program cannot be begun: %s", strerror(errno));
	if (write(outcome, &byte, 1) != 1)
		_exit(STATUS_SETUP);
	_exit(byte);
}

static bool make(struct child *child, const int go[2], const int outcome[2],
		 int (*become)(void *data), void *data)
{
	/* Children of somebody who ignores their end leave no status. */
	const struct sigaction heeded = {.sa_handler = SIG_DFL};
	struct sigaction given;
	sigset_t blocked, before;

	sigemptyset(&blocked);
	for (size_t i = 0; i < countof(passed_on); i++)
		sigaddset(&blocked, passed_on[i]);
	fflush(NULL);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	sigaction(SIGCHLD, &heeded, &given);
	child->pid = fork();
	if (child->pid == 0) {
		close(go[1]);
		sigaction(SIGCHLD, &given, NULL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		wait_and_become(go[0], outcome[1], become, data);
	}
	program = child->pid;
	for (size_t i = 0; child->pid > 0 && i < countof(passed_on); i++)
		handle(passed_on[i], pass_on, 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return child->pid > 0;
}

bool child_start(struct child *child, int (*become)(void *data), void *data)
{
	int go[2], outcome[2];

	if (pipe2(go, O_CLOEXEC) != 0 || pipe2(outcome, O_CLOEXEC) != 0 ||
	    !make(child, go, outcome, become, data)) {
		complain("no process can be made: %s", strerror(errno));
		return false;
	}
	close(go[0]);
	close(outcome[1]);
	child->go = go[1];
	child->outcome = outcome[0];
	signal(SIGPIPE, SIG_IGN);
	return true;
}

void child_take_interrupts(void)
{
	for (size_t i = 0; i < countof(of_terminal); i++)
		handle(of_terminal[i], pass_on, (int)SA_RESETHAND);
}

int child_cancel(struct child *child)
{
	close(child->go);
	return child_wait(child);
}

int child_go(struct child *child)
{
	unsigned char byte = 0;
	ssize_t written;

	for (size_t i = 0; i < countof(of_terminal); i++)
		taken[i] = handle(of_terminal[i], SIG_IGN, 0);
	written = write(child->go, &byte, 1);
	if (written != 1 && errno != EPIPE) /* which is that it has been killed */
		complain("the program cannot be begun: %s", strerror(errno));
	close(child->go);
	if (written != 1)
		return NEVER_BEGAN;
	if (read_byte(child->outcome, &byte) != 1)
		byte = 0;
	if (byte)
		waitpid(child->pid, NULL, 0);
	return byte;
}

/* Waits until it stops, or ends. Whether it has stopped. */
static bool stops(pid_t pid)
{
	siginfo_t info = {0};

	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WSTOPPED | WNOWAIT) < 0 && errno == EINTR)
		continue;
	return info.si_code == CLD_STOPPED;
}

/* What Ctrl-Z stopped, and the command with it, has been continued when the command is. */
static bool is_stopped_still(pid_t pid)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG) == 0 && info.si_pid == pid;
}

int child_wait(const struct child *child)
{
	int status = 0;
	pid_t waited;

	/* A shell that waits for the command takes the terminal back. Without one nothing stops. */
	while (stops(child->pid)) {
		if (is_stopped_still(child->pid))
			raise(SIGTSTP);
	}
	do
		waited = waitpid(child->pid, &status, 0);
	while (waited < 0 && errno == EINTR);
	program = 0;
	return status;
}

void child_is_over(void)
{
	for (size_t i = 0; i < countof(passed_on); i++)
		handle(passed_on[i], end_at_once, 0);
	for (size_t i = 0; i < countof(of_terminal); i++) {
		if (taken[i])
			signal(of_terminal[i], end_at_once);
	}
}

/* Its core, if it wrote one, is the one of interest. */
static void die_of(int number)
{
	struct rlimit none = {0, 0};
	sigset_t one;

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	signal(number, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	raise(number);
}

int child_imitate(int status)
{
	fflush(NULL);
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	die_of(WTERMSIG(status));
	return SIGNAL_STATUS + WTERMSIG(status);
}
