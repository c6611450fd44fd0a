/* SPDX-License-Identifier: MIT */
/* The object files that a process had loaded, and when. */
#ifndef PYTHREAD_TRACE_BABELTRACE_IMAGES_H
#define PYTHREAD_TRACE_BABELTRACE_IMAGES_H

#include "babeltrace/seen.h"

#define BUILD_ID_MAX 64

struct library;

struct image {
	const char *path;
	uint64_t start, size;
	bool fixed;		   /* not position-independent: its addresses are link-time ones */
	uint64_t loaded, unloaded; /* 0: before the trace began; UINT64_MAX: never */
	unsigned int build_id_length; /* 0: it has none, or it is not known */
	unsigned char build_id[BUILD_ID_MAX];
	struct image *next;
	struct library *library; /* lookup.c's own: what its files say */
};

struct images {
	struct image *newest;
	uint64_t epoch; /* counts unloads: an address may mean another thing afterwards */
};

/* loaded_now: at this moment, and not at some time before it. */
void images_add(struct images *images, const char *path, const struct seen *seen, bool loaded_now);
void images_identify(struct images *images, const struct seen *seen);
void images_unload(struct images *images, const struct seen *seen);

/* What was at this address then; NULL: nothing that is known. */
struct image *images_at(const struct images *images, uint64_t address, uint64_t time);

void images_free(struct images *images);

#endif
