/* SPDX-License-Identifier: MIT */
/* What `report --live` shows on standard output while the session is recorded. */
#ifndef PYTHREAD_TRACE_BABELTRACE_LIVE_SCREEN_H
#define PYTHREAD_TRACE_BABELTRACE_LIVE_SCREEN_H

#include "babeltrace/print.h"

struct live_screen {
	struct world *world;
	const struct print_wanted *wanted;
	bool terminal;	      /* it can be drawn anew */
	uint64_t next, drawn; /* when, and after how many events */
};

/* The world and what is wanted of it stay where they are as long as the screen is used. */
void live_screen_begin(struct live_screen *screen, struct world *world,
		       const struct print_wanted *wanted);

/* Draws it, when it is time and something has happened since. Cheap otherwise. */
void live_screen_refresh(struct live_screen *screen);

/* For what is shown instead; nothing where it is no terminal, and before it has begun. */
void live_screen_clear(const struct live_screen *screen);

#endif
