/* SPDX-License-Identifier: MIT */
#include "babeltrace/progress.h"

#include "babeltrace/quiet.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 40
#define BATCHES 1000
#define PERIOD_NS (100 * NS_PER_MS)
#define PATIENCE_NS (5 * PERIOD_NS) /* what is done sooner needs no bar */

static unsigned int percent(const struct probe_range *range, uint64_t now)
{
	double length = (double)(range->end - range->begin);
	double done = length > 0 ? ((double)now - (double)range->begin) * 100 / length : 0;

	return done < 0 ? 0 : done > 100 ? 100 : (unsigned int)done;
}

static void show(const struct probe_range *range, uint64_t now, uint64_t events)
{
	static const char bar[] = "########################################";
	unsigned int done = percent(range, now);

	dprintf(quiet_fd(), "\r[%-*.*s] %3u %%, %llu events", WIDTH, (int)(done * WIDTH / 100), bar,
		done, (unsigned long long)events);
}

void progress_show(struct progress *progress, const struct probe_range *range, uint64_t now,
		   uint64_t events)
{
	uint64_t time;

	if (progress->next && ++progress->skipped < BATCHES)
		return;
	progress->skipped = 0;
	time = clock_monotonic_ns();
	if (!progress->next)
		progress->next = time + PATIENCE_NS;
	if (time < progress->next)
		return;
	progress->next = time + PERIOD_NS;
	progress->shown = true;
	show(range, now, events);
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		dprintf(quiet_fd(), "\r\033[K");
	progress->shown = false;
}
