/* SPDX-License-Identifier: MIT */
#include "record/daemon.h"

#include "cli/command.h"
#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <lttng/lttng.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_SECONDS 20
/*
 * Its sessions are over and written. But a forked child of a recorded process that records nothing
 * has LTTng's files open still, and the consumer daemon waits for these to be closed.
 */
#define END_SECONDS 3
#define OTHER_SECONDS 10  /* for one that ends */
#define PAUSE_NS 10000000 /* 10 ms */
#define AGAIN_PAUSES 20	  /* and one that ended at once is started again */

static void pause_briefly(void)
{
	struct timespec pause = {.tv_nsec = PAUSE_NS};

	nanosleep(&pause, NULL);
}

static void count_to_patience(int *pauses)
{
	pause_briefly();
	++*pauses;
}

static bool is_patient(int pauses, int seconds)
{
	return pauses < seconds * (1000000000 / PAUSE_NS);
}

/* In the child: a daemon's surroundings. It speaks to nobody and hears of no terminal. */
static void become(const char *path, char *const argv[], pid_t keeper)
{
	static const int defaults[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	for (size_t i = 0; i < countof(defaults); i++)
		signal(defaults[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == keeper)
		execv(path, argv);
	_exit(STATUS_CANNOT_RUN);
}

/* 0 after one line that says why. */
static pid_t start(const char *name, char *const argv[])
{
	char *path = program_search(name);
	pid_t keeper = getpid(), child;

	if (!path) {
		complain("%s was not found in PATH; it is in the Debian package lttng-tools", name);
		return 0;
	}
	child = fork();
	if (child == 0)
		become(path, argv, keeper);
	if (child < 0)
		complain("no process can be made: %s", strerror(errno));
	free(path);
	return child > 0 ? child : 0;
}

bool daemon_has_ended(pid_t *pid)
{
	int status;

	if (!*pid || waitpid(*pid, &status, WNOHANG) != *pid)
		return false;
	*pid = 0;
	return true;
}

void daemon_end(pid_t pid)
{
	int pauses = 0;

	if (!pid)
		return;
	kill(pid, SIGTERM);
	while (!daemon_has_ended(&pid) && is_patient(pauses, END_SECONDS))
		count_to_patience(&pauses);
	daemon_kill(&pid);
}

void daemon_kill(pid_t *pid)
{
	if (!*pid)
		return;
	kill(-*pid, SIGKILL);
	waitpid(*pid, NULL, 0);
	*pid = 0;
}

/* It sends its parent SIGUSR1 when clients can connect. */
static bool is_ready(void)
{
	struct timespec pause = {.tv_nsec = PAUSE_NS};
	sigset_t ready;

	sigemptyset(&ready);
	sigaddset(&ready, SIGUSR1);
	return sigtimedwait(&ready, NULL, &pause) == SIGUSR1;
}

/*
 * Two of them may start at once. Then one ends, and its parent finds the other. So does one that
 * starts while another, which answers nobody any more, still ends: then it is tried again.
 */
static bool wait_for_session(pid_t *pid, char *const argv[])
{
	for (int pauses = 1; is_patient(pauses, PATIENCE_SECONDS); pauses++) {
		if (is_ready() && *pid)
			return true;
		daemon_has_ended(pid);
		if (!*pid && lttng_session_daemon_alive() == 1)
			return true;
		if (*pid || pauses % AGAIN_PAUSES)
			continue;
		if (!is_patient(pauses, OTHER_SECONDS))
			break;
		*pid = start(argv[0], argv);
	}
	complain(*pid ? "lttng-sessiond does not get ready"
		      : "lttng-sessiond cannot be started: 'lttng-sessiond -v' tells why");
	daemon_end(*pid);
	*pid = 0;
	return false;
}

bool daemon_session(pid_t *pid)
{
	char *argv[] = {"lttng-sessiond", "--sig-parent", "--no-kernel", NULL};

	*pid = 0;
	if (lttng_session_daemon_alive() == 1)
		return true;
	*pid = start(argv[0], argv);
	return *pid && wait_for_session(pid, argv);
}

static bool wait_for_relay(pid_t *pid, const struct relay_url *relay)
{
	for (int pauses = 0; is_patient(pauses, PATIENCE_SECONDS);) {
		int connection = url_try(relay, relay->live);

		if (connection >= 0) {
			close(connection);
			return true;
		}
		if (daemon_has_ended(pid))
			break;
		count_to_patience(&pauses);
	}
	complain("lttng-relayd cannot be started: 'lttng-relayd -v' tells why");
	daemon_end(*pid);
	*pid = 0;
	return false;
}

bool daemon_relay(pid_t *pid, const struct relay_url *relay, const char *directory)
{
	char control[300], data[300], live[300];
	char *argv[] = {"lttng-relayd", "-C", control,		 "-D", data, "-L",
			live,		"-o", (char *)directory, NULL};

	snprintf(control, sizeof(control), "tcp://%s:%u", relay->host, relay->control);
	snprintf(data, sizeof(data), "tcp://%s:%u", relay->host, relay->data);
	snprintf(live, sizeof(live), "tcp://%s:%u", relay->host, relay->live);
	*pid = start(argv[0], argv);
	return *pid && wait_for_relay(pid, relay);
}

/* Whether the longest name that a socket of LTTng's has below a home of this length fits. */
static bool has_room(size_t length)
{
	return length + strlen("/.lttng/ustconsumerd64/command") <
	       sizeof(((struct sockaddr_un *)NULL)->sun_path);
}

static bool is_usable(const char *home)
{
	return home && *home && has_room(strlen(home)) && access(home, W_OK | X_OK) == 0;
}

bool daemon_home(char **made)
{
	static const char name[] = "/pythread-trace-XXXXXX";
	const char *home = getenv("LTTNG_HOME"), *parent = getenv("TMPDIR");
	bool is_chosen = home && *home;

	*made = NULL;
	if (getuid() == 0 || is_chosen || is_usable(getenv("HOME")))
		return true;
	if (!parent || !*parent || !has_room(strlen(parent) + strlen(name)))
		parent = "/tmp";
	if (asprintf(made, "%s%s", parent, name) < 0)
		*made = NULL;
	if (*made && mkdtemp(*made) && setenv("LTTNG_HOME", *made, 1) == 0)
		return true;
	complain("there is no place for LTTng's sockets: HOME is not writable or too long, and %s: "
		 "%s",
		 *made ? *made : "TMPDIR", strerror(errno));
	return false;
}
