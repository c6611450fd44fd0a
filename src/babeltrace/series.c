/* SPDX-License-Identifier: MIT */
#include "babeltrace/series.h"

#define FIRST_LENGTH UINT64_C(1000000) /* a millisecond */

static void halve(struct series *series)
{
	for (unsigned int i = 0; i <= series->last; i++) {
		unsigned int most = series->most[i];

		series->most[i] = 0;
		if (i % 2 == 0 || most > series->most[i / 2])
			series->most[i / 2] = most;
	}
	series->last /= 2;
	series->length *= 2;
}

static unsigned int step_at(struct series_clock *clock, uint64_t time)
{
	if (!clock->length) {
		clock->begin = time;
		clock->length = FIRST_LENGTH;
	}
	if (time < clock->begin)
		return 0;
	while ((time - clock->begin) / clock->length >= SERIES_STEPS)
		clock->length *= 2;
	return (unsigned int)((time - clock->begin) / clock->length);
}

static void advance(struct series *series, const struct series_clock *clock, unsigned int step)
{
	if (!series->begun) {
		series->begun = true;
		series->length = clock->length;
		series->last = step;
	}
	while (series->length < clock->length)
		halve(series);
	while (series->last < step)
		series->most[++series->last] = series->now;
}

void series_count(struct series *series, struct series_clock *clock, uint64_t time,
		  unsigned int now)
{
	unsigned int step = step_at(clock, time);

	advance(series, clock, step);
	series->now = now;
	if (series->most[series->last] < now)
		series->most[series->last] = now;
}

unsigned int series_finish(struct series *series, struct series_clock *clock, uint64_t time)
{
	unsigned int step = step_at(clock, time);

	advance(series, clock, step);
	return series->last + 1;
}
