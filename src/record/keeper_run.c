/* SPDX-License-Identifier: MIT */
#include "record/daemon.h"
#include "record/keeper_internal.h"
#include "record/mend.h"
#include "record/patience.h"
#include "record/session.h"
#include "record/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lttng/lttng.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAUSE_US 300000
#define INHERITED_MAX 1024 /* descriptors that we may have inherited, where they are not listed */

struct work {
	const struct plan *plan;
	int control, answer;
	pid_t session, relay; /* daemons that were started; 0: none */
	bool hangs;	      /* the session daemon */
	char name[RECORD_NAME_SIZE];
};

/* A command that cannot be told, and is not gone, hears that nothing more will come. */
static void say(struct work *work, enum keeper_answer answer)
{
	char byte = (char)answer;

	if (work->answer < 0 || write(work->answer, &byte, 1) == 1)
		return;
	close(work->answer);
	work->answer = -1;
}

static void close_one(const struct work *work, int fd)
{
	if (fd > STDERR_FILENO && fd != work->control && fd != work->answer)
		close(fd);
}

/* All but the standard streams and those two: the program's start hangs on one that we inherit. */
static void close_others(const struct work *work)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		int fd = atoi(entry->d_name);

		if (fd != dirfd(directory))
			close_one(work, fd);
	}
	if (directory)
		closedir(directory);
	for (int fd = 0; !directory && fd < INHERITED_MAX; fd++)
		close_one(work, fd);
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

	work->hangs = last == KEEPER_HANGS;
	if (last != KEEPER_HANGS && last != KEEPER_DONE && *work->name)
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
			say(work, KEEPER_IN_USE);
		told = true;
		usleep(PAUSE_US);
	}
	daemon_end(work->session);
	if (!told)
		say(work, KEEPER_ENDED);
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

void keeper_run(const struct plan *plan, const char *home, int control, int answer)
{
	struct work work = {.plan = plan, .control = control, .answer = answer};
	bool started;

	leave_terminal();
	close_others(&work);
	started = start_daemons(&work);
	leave_streams();
	if (!started) {
		daemon_end(work.session);
		_exit(EXIT_FAILURE);
	}
	say(&work, KEEPER_READY);
	wait_for_session(&work);
	if (work.hangs)
		daemon_kill(&work.session);
	daemon_end(work.relay);
	if (work.plan->directory) {
		tree_each(work.plan->directory, mend_one, NULL);
		tree_settle(work.plan->directory);
	}
	say(&work, KEEPER_IN_PLACE);
	end_session_daemon(&work);
	if (home)
		tree_remove(home);
	_exit(EXIT_SUCCESS);
}
