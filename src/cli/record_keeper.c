/* SPDX-License-Identifier: MIT */
#include "cli/record_keeper.h"

#include "cli/command.h"
#include "cli/record_daemon.h"
#include "cli/record_mend.h"
#include "cli/record_patience.h"
#include "cli/record_session.h"
#include "cli/record_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lttng/lttng.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAUSE_US 300000

/* What the command writes: a session's name with its NUL, then one of these. */
#define DONE '\n' /* it has ended */
#define HANGS '!' /* its daemon does not answer */

/* What it reads. */
enum answer { READY = 'r', IN_PLACE = 'p', ENDED = 'e', IN_USE = 'u' };

struct work {
	const struct plan *plan;
	int control, answer;
	pid_t session, relay; /* daemons that were started; 0: none */
	bool hangs;	      /* the session daemon */
	char name[RECORD_NAME_SIZE];
};

static void say(const struct work *work, enum answer answer)
{
	char byte = (char)answer;

	if (write(work->answer, &byte, 1) != 1)
		return; /* the command is gone, and nobody listens */
}

/* All but the standard streams and those two: the program's start hangs on one that we inherit. */
static void close_others(const struct work *work)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		int fd = atoi(entry->d_name);

		if (fd > STDERR_FILENO && fd != work->control && fd != work->answer &&
		    fd != dirfd(directory))
			close(fd);
	}
	if (directory)
		closedir(directory);
}

static void leave_terminal(void)
{
	static const int ignored[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE};
	sigset_t blocked;

	setsid();
	for (size_t i = 0; i < countof(ignored); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
}

/* Whoever waits for the end of the command's output shall not wait for us. */
static void leave_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
}

/* Until the command has closed its end. The last byte that it wrote. */
static char wait_for_end(struct work *work)
{
	char text[RECORD_NAME_SIZE + 1] = "";
	size_t length = 0;
	ssize_t got;

	do {
		got = read(work->control, text + length, sizeof(text) - length);
		if (got > 0)
			length += (size_t)got;
	} while (length < sizeof(text) && (got > 0 || (got < 0 && errno == EINTR)));
	if (length && memchr(text, '\0', length))
		memcpy(work->name, text, strlen(text) + 1);
	return text[length ? length - 1 : 0];
}

static void end_session(void *data)
{
	const struct work *work = data;

	if (work->plan->options->snapshot)
		lttng_snapshot_record(work->name, NULL, 0);
	session_end(work->name, work->plan);
}

/* The command may have been killed, or did not want to wait: then the session is ended here. */
static void wait_for_session(struct work *work)
{
	char last = wait_for_end(work);

	work->hangs = last == HANGS;
	if (last != HANGS && last != DONE && *work->name)
		work->hangs = !in_time(work->plan, end_session, work, sizeof(*work));
}

static bool is_used(void)
{
	struct lttng_session *sessions = NULL;
	int count = lttng_list_sessions(&sessions);

	free(sessions);
	return count > 0;
}

/* A session daemon that we started is ours to end, once all have left it. */
static void end_session_daemon(struct work *work)
{
	bool told = false;

	while (work->session && !daemon_has_ended(&work->session) && !work->hangs && is_used()) {
		if (!told)
			say(work, IN_USE);
		told = true;
		usleep(PAUSE_US);
	}
	daemon_end(work->session);
	if (!told)
		say(work, ENDED);
}

static bool start_daemons(struct work *work)
{
	return daemon_session(&work->session) &&
	       (!plan_wants_relay(work->plan) ||
		daemon_relay(&work->relay, &work->plan->relay, work->plan->directory));
}

static void mend_one(void *data, const char *path)
{
	(void)data;
	mend_trace(path);
}

static void keep(struct work *work, const char *home)
{
	bool started;

	leave_terminal();
	close_others(work);
	started = start_daemons(work);
	leave_streams();
	if (!started) {
		daemon_end(work->session);
		_exit(EXIT_FAILURE);
	}
	say(work, READY);
	wait_for_session(work);
	if (work->hangs)
		daemon_kill(&work->session);
	daemon_end(work->relay);
	if (work->plan->directory) {
		tree_each(work->plan->directory, mend_one, NULL);
		tree_settle(work->plan->directory);
	}
	say(work, IN_PLACE);
	end_session_daemon(work);
	if (home)
		tree_remove(home);
	_exit(EXIT_SUCCESS);
}

/* False when the keeper is gone, or said something else. */
static bool hears(const struct keeper *keeper, enum answer wanted)
{
	char byte = 0;
	ssize_t got;

	do
		got = read(keeper->answer, &byte, 1);
	while (got < 0 && errno == EINTR);
	return got == 1 && byte == (char)wanted;
}

bool keeper_start(struct keeper *keeper, const struct plan *plan, const char *home)
{
	int control[2], answer[2];

	if (pipe2(control, O_CLOEXEC) != 0 || pipe2(answer, O_CLOEXEC) != 0 ||
	    (keeper->pid = fork()) < 0) {
		complain("no process can be made: %s", strerror(errno));
		return false;
	}
	if (keeper->pid == 0)
		keep(&(struct work){.plan = plan, .control = control[0], .answer = answer[1]},
		     home);
	close(control[0]);
	close(answer[1]);
	keeper->control = control[1];
	keeper->answer = answer[0];
	if (hears(keeper, READY))
		return true;
	close(keeper->control);
	waitpid(keeper->pid, NULL, 0);
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
	char done = answers ? DONE : HANGS;

	if (write(keeper->control, &done, 1) < 0)
		complain("warning: the process that ends the daemons is gone");
	close(keeper->control);
	hears(keeper, IN_PLACE);
}

void keeper_end(struct keeper *keeper)
{
	if (hears(keeper, ENDED))
		waitpid(keeper->pid, NULL, 0);
	else
		complain("the session daemon that was started for this is used by others, and "
			 "runs until they have done");
}
