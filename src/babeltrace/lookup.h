/* SPDX-License-Identifier: MIT */
/*
 * The files that a trace's addresses point into, found on this machine, which need not be the one
 * that was traced: a file counts only with the build id that the trace tells. What was found stays
 * until the process ends. One thread at a time.
 */
#ifndef PYTHREAD_TRACE_BABELTRACE_LOOKUP_H
#define PYTHREAD_TRACE_BABELTRACE_LOOKUP_H

#include "babeltrace/images.h"
#include "stack/symbolize.h"

#define DEBUG_DIRS_MAX 16

struct lookup_places {
	const char *sysroot; /* before the paths of the trace; NULL: none */
	unsigned int debug_dirs;
	const char *debug_dir[DEBUG_DIRS_MAX]; /* trees with a .build-id, or such a one itself */
};

enum library_state {
	LIBRARY_FOUND,
	LIBRARY_DEBUG_ONLY, /* its separate debug file alone */
	LIBRARY_MISSING,
	LIBRARY_DIFFERS, /* the file at its path has another build id */
};

struct library {
	struct module module; /* at its link-time addresses: the bias is 0 */
	struct module_files files;
	enum library_state state;
	unsigned int build_id_length;
	unsigned char build_id[BUILD_ID_MAX];
	bool fixed;
	uint64_t first; /* its lowest link-time address */
	bool asked;	/* some address in it had to be looked up */
	struct library *next;
};

/* NULL without memory. */
struct library *lookup_library(const struct lookup_places *places, struct image *image);

/* Of an address that was in the image. NULL for none: nothing is known. */
struct symbol lookup_code(const struct lookup_places *places, struct image *image,
			  uint64_t address);
struct symbol lookup_data(const struct lookup_places *places, struct image *image,
			  uint64_t address);

/* All that were looked for, newest first. */
const struct library *lookup_all(void);

#endif
