/* SPDX-License-Identifier: MIT */
/* The thread keys of one process: which are live, who made them, and how many were there when. */
#ifndef PYTHREAD_TRACE_BABELTRACE_MADE_KEYS_H
#define PYTHREAD_TRACE_BABELTRACE_MADE_KEYS_H

#include "babeltrace/series.h"

struct key_owner {
	const char *module; /* NULL: not known */
	unsigned int live, peak, created;
	struct series series;
	struct key_owner *next;
};

struct made_keys {
	unsigned int limit, live, peak;
	struct key_entry *table; /* live keys by number */
	struct key_owner *owners;
	struct key_owner *total; /* of all libraries */
	struct series_clock clock;
};

/* module: kept as long as *keys. */
void made_keys_add(struct made_keys *keys, int32_t slot, const char *module, uint64_t time,
		   bool created_now);
void made_keys_remove(struct made_keys *keys, int32_t slot, uint64_t time);
void made_keys_free(struct made_keys *keys);

#endif
