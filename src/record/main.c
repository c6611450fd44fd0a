/* SPDX-License-Identifier: MIT */
/*
 * The program behind "pythread-trace record": it lets the program begin once everything records,
 * and waits for it. Nothing that goes wrong with the recording does anything to the program.
 */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/launch.h"
#include "cli/library.h"
#include "cli/program.h"
#include "cli/request.h"
#include "record/child.h"
#include "record/daemon.h"
#include "record/directory.h"
#include "record/end.h"
#include "record/forerun.h"
#include "record/keeper.h"
#include "record/left.h"
#include "record/live.h"
#include "record/patience.h"
#include "record/preload.h"
#include "record/tree.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define ATTEMPTS 3 /* to find a session daemon that does not end just then */

struct recording {
	struct request request;
	struct plan plan;
	char *program, *library, *home;
	char **argv;
	int relay; /* a connection to somebody's relay daemon; -1: none */
	struct child child;
	struct keeper keeper;
	struct session session;
	struct live live;
};

/* In the child: see child_start(). */
static int become(void *data)
{
	struct recording *recording = data;

	options_append(&recording->request.text, "tracer", "on");
	if (!request_add_root(&recording->request, getpid()) ||
	    !launch_prepare(recording->library, recording->request.text.data) || !preload_helpers())
		return STATUS_SETUP;
	execv(recording->program, recording->argv);
	return launch_failed(recording->program);
}

/* A place for the trace, before anything runs. */
static bool find_place(struct recording *recording)
{
	struct plan *plan = &recording->plan;

	if (plan->to_relay) {
		recording->relay = url_connect(&plan->relay);
		return recording->relay >= 0;
	}
	return directory_make(plan) && (!plan_wants_relay(plan) || url_choose(&plan->relay));
}

/* The keeper knows of the session as soon as there is one. */
static enum session_result open_session(struct recording *recording)
{
	enum session_result result = session_create(&recording->session, &recording->plan);

	if (result != SESSION_OPEN)
		return result;
	keeper_watch(&recording->keeper, recording->session.name);
	return session_open(&recording->session, &recording->plan);
}

/* A daemon of somebody else's may end just when we have found it. */
static bool begin_session(struct recording *recording)
{
	enum session_result result = SESSION_ORPHANED;

	child_take_interrupts();
	for (int i = 0; i < ATTEMPTS && result == SESSION_ORPHANED; i++) {
		if (!keeper_start(&recording->keeper, &recording->plan, recording->home))
			return false;
		result = open_session(recording);
		if (result == SESSION_OPEN)
			return true;
		keeper_finish(&recording->keeper, true);
		keeper_end(&recording->keeper);
	}
	if (result == SESSION_ORPHANED)
		complain("the session daemon ends as soon as it is used");
	return false;
}

struct closing {
	struct recording *recording;
	struct losses losses;
};

static void close_session(void *data)
{
	struct closing *closing = data;

	session_close(&closing->recording->session, &closing->recording->plan, &closing->losses);
}

/* The end of the trace, when the program has ended with this status of waitpid(2). */
static int finish(struct recording *recording, int status)
{
	struct closing closing = {.recording = recording};
	bool answered, watched;

	child_is_over();
	left_report(recording->child.pid);
	answered = in_time(&recording->plan, close_session, &closing, sizeof(closing));
	if (!answered) {
		complain("the session daemon does not answer any more");
		closing.losses.disk_full = directory_is_full(&recording->plan);
	}
	watched = live_end(&recording->live);
	keeper_finish(&recording->keeper, answered);
	if (!watched)
		live_replace(&recording->plan);
	end_report(&recording->plan, &recording->session, &closing.losses, recording->relay);
	keeper_end(&recording->keeper);
	session_forget(&recording->session);
	return child_imitate(status);
}

static void give_up(struct recording *recording)
{
	session_cancel(&recording->session, &recording->plan);
	live_end(&recording->live);
	keeper_finish(&recording->keeper, true);
	keeper_end(&recording->keeper);
	directory_undo(&recording->plan);
}

/* Where no keeper is left to do that. */
static void remove_home(const struct recording *recording)
{
	if (recording->home)
		tree_remove(recording->home);
}

static int record(struct recording *recording)
{
	int status;

	if (!find_place(recording) || !begin_session(recording)) {
		status = child_cancel(&recording->child);
		directory_undo(&recording->plan);
		remove_home(recording);
		return child_imitate(status);
	}
	if (recording->plan.options->live)
		live_start(&recording->live, &recording->plan, recording->session.name);
	else if (recording->session.late)
		forerun(false);
	status = child_go(&recording->child);
	if (status == 0)
		return finish(recording, child_wait(&recording->child));
	give_up(recording);
	return status == NEVER_BEGAN ? child_imitate(child_wait(&recording->child)) : status;
}

static int prepare(struct recording *recording)
{
	int status = STATUS_SETUP;

	recording->relay = -1;
	if (!plan_make(&recording->plan, &recording->request.options))
		return STATUS_USAGE;
	recording->program = program_find(recording->argv[0], &status);
	if (!recording->program)
		return status;
	recording->library = library_path();
	if (!recording->library || !session_has_memory() || !daemon_home(&recording->home))
		return STATUS_SETUP;
	program_warn(recording->program);
	if (!child_start(&recording->child, become, recording)) {
		remove_home(recording);
		return STATUS_SETUP;
	}
	plan_name(&recording->plan, recording->argv[0], recording->child.pid);
	return record(recording);
}

static int command(const struct arguments *arguments, char **argv)
{
	struct recording recording = {.argv = argv};
	int status = request_make(&recording.request, arguments);

	if (status == 0)
		status = prepare(&recording);
	free(recording.plan.directory);
	free(recording.home);
	free(recording.library);
	free(recording.program);
	request_free(&recording.request);
	return status;
}

/* LTTng's library takes no 0 for a socket. The program finds what was closed closed. */
static void fill_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct arguments arguments;
	int status = STATUS_USAGE;

	fill_streams();
	if (arguments_parse(&arguments, argc, argv)) {
		if (arguments.help)
			status = arguments_help(argv[0]);
		else if (arguments.program)
			status = command(&arguments, argv + arguments.program);
		else
			complain("record: which PROGRAM? 'pythread-trace record --help' tells "
				 "more");
	}
	arguments_free(&arguments);
	return command_finish(status);
}
