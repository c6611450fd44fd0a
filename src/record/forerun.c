/* SPDX-License-Identifier: MIT */
#include "record/forerun.h"

#include "cli/place.h"
#include "record/session.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROVIDER "/tracepoints/.libs/libpythread-trace-lttng.so"
#define REGISTER_MS "3000" /* LTTng waits for its daemon no longer */
#define PATIENCE_MS 5000
#define PAUSE_MS 20
/* The daemons pass it on once in a live interval. */
#define ARRIVAL_MS (SESSION_LIVE_INTERVAL_US / 1000 + 300)

static void pause_ms(int milliseconds)
{
	struct timespec pause = {.tv_sec = milliseconds / 1000,
				 .tv_nsec = milliseconds % 1000 * 1000000L};

	nanosleep(&pause, NULL);
}

/* In the child: that a library is loaded makes LTTng know its events, and it waits for that. */
static void load(const char *provider)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	setenv("LTTNG_UST_REGISTER_TIMEOUT", REGISTER_MS, 1);
	if (dlopen(provider, RTLD_NOW | RTLD_LOCAL) &&
	    !dlopen("liblttng-ust-dl.so.1", RTLD_NOW | RTLD_LOCAL))
		dlopen("liblttng-ust-dl.so.0", RTLD_NOW | RTLD_LOCAL);
	_exit(EXIT_SUCCESS);
}

void forerun(bool arrive)
{
	char *provider = place_find(PROVIDER, LIBDIR);
	pid_t child = provider ? fork() : -1;
	int waited = 0;

	if (child == 0)
		load(provider);
	free(provider);
	if (child < 0)
		return;
	for (; waitpid(child, NULL, WNOHANG) == 0; waited += PAUSE_MS) {
		if (waited >= PATIENCE_MS)
			kill(child, SIGKILL);
		pause_ms(PAUSE_MS);
	}
	if (arrive)
		pause_ms(ARRIVAL_MS);
}
