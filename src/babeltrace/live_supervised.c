/* SPDX-License-Identifier: MIT */
#include "babeltrace/live_supervised.h"

#include "babeltrace/child.h"
#include "babeltrace/live.h"
#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#define BREAKDOWNS_MAX 10 /* one soon after the other */
#define SOON_S 10	  /* after the child began */
#define PAUSE_NS 200000000L
#define BROKEN_MAX 256

struct following {
	const struct arguments *arguments;
	struct live_shared *shared;
	char broken[BROKEN_MAX]; /* "": nothing yet */
};

static int work(void *context)
{
	const struct following *following = context;

	return command_finish(live_report(following->arguments, following->shared,
					  following->broken[0] ? following->broken : NULL));
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void describe(struct following *following, int status)
{
	time_t now = time(NULL);
	char clock[16] = "now";
	struct tm local;

	if (localtime_r(&now, &local))
		strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	snprintf(following->broken, sizeof(following->broken),
		 "babeltrace2 broke down (%s): what came before %s is not in this report",
		 strsignal(WTERMSIG(status)), clock);
}

static int give_up(const struct following *following, int status)
{
	struct buffer text = {0};
	char why[256];

	if (live_earlier(following->shared, &text) &&
	    !settings_write(&following->arguments->settings, &text, why, sizeof(why)))
		complain("%s", why);
	buffer_free(&text);
	complain("%s: babeltrace2 broke down (%s)", following->arguments->traces[0],
		 strsignal(WTERMSIG(status)));
	return STATUS_SETUP;
}

static int follow(struct following *following)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	unsigned int breakdowns = 0;

	for (;;) {
		time_t begun = seconds();
		int status = child_run(work, following);

		/* Behind the report there is only memory to be given back. */
		if (following->shared->reported)
			return following->shared->status;
		if (!child_broke_down(status))
			return child_status(status);
		if (seconds() - begun > SOON_S)
			breakdowns = 0;
		if (++breakdowns > BREAKDOWNS_MAX || child_signals_came())
			return give_up(following, status);
		describe(following, status);
		nanosleep(&pause, NULL);
		if (child_signals_came())
			return give_up(following, status);
	}
}

int live_supervised_report(const struct arguments *arguments)
{
	struct following following = {.arguments = arguments};
	int status;

	following.shared = child_share(sizeof(*following.shared));
	if (!following.shared)
		return STATUS_SETUP;
	following.shared->earlier = memfd_create("report", MFD_CLOEXEC);
	if (following.shared->earlier < 0) {
		complain("out of memory");
		return STATUS_SETUP;
	}
	child_heed_signals();
	status = follow(&following);
	munmap(following.shared, sizeof(*following.shared));
	return status;
}
