/* SPDX-License-Identifier: MIT */
#include "babeltrace/supervised.h"

#include "babeltrace/child.h"
#include "babeltrace/recorded.h"
#include "babeltrace/salvage.h"
#include "babeltrace/sanitized.h"
#include "cli/command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define MEMORY_MAX ((rlim_t)3 << 30)

struct reading {
	const struct arguments *arguments;
	struct recorded_shared *shared;
	uint64_t stop;
	const char *broken;
};

/*
 * A sequence of four billion elements is to end the reading, not the machine. Streams, which are
 * mapped to be read, do not count: there may be hundreds.
 */
static void limit_memory(void)
{
	struct rlimit memory = {.rlim_cur = MEMORY_MAX};
	struct rlimit old;

	if (SANITIZED || getrlimit(RLIMIT_DATA, &old) != 0)
		return;
	memory.rlim_max = old.rlim_max;
	if (old.rlim_cur == RLIM_INFINITY || old.rlim_cur > memory.rlim_cur)
		setrlimit(RLIMIT_DATA, &memory);
}

/* Each stream is an open file. */
static void allow_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

static int work(void *context)
{
	const struct reading *reading = context;

	limit_memory();
	allow_files();
	return command_finish(recorded_report(reading->arguments, reading->shared, reading->stop,
					      reading->broken));
}

/* A status of waitpid(2). */
static int start(const struct arguments *arguments, struct recorded_shared *shared, uint64_t stop,
		 const char *broken)
{
	struct reading reading = {arguments, shared, stop, broken};
	int status = child_run(work, &reading);

	/* Behind the report there is only memory to be given back. */
	return child_broke_down(status) && shared->reported ? W_EXITCODE(shared->status, 0)
							    : status;
}

static int second_try(const struct arguments *arguments, struct recorded_shared *shared, int status)
{
	char broken[256];
	uint64_t stop = shared->taken;

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
	shared->taken = 0;
	status = start(arguments, shared, stop ? stop : UINT64_MAX, broken);
	if (!child_broke_down(status))
		return child_status(status);
	complain("%s: the trace is damaged: babeltrace2 broke down (%s)", arguments->traces[0],
		 strsignal(WTERMSIG(status)));
	return STATUS_SETUP;
}

int supervised_report(const struct arguments *arguments)
{
	struct recorded_shared *shared = child_share(sizeof(*shared));
	int status;

	if (!shared)
		return STATUS_SETUP;
	child_heed_signals();
	salvage_begin();
	status = start(arguments, shared, UINT64_MAX, NULL);
	if (child_broke_down(status))
		status = second_try(arguments, shared, status);
	else
		status = child_status(status);
	salvage_end();
	munmap(shared, sizeof(*shared));
	return status;
}
