/* SPDX-License-Identifier: MIT */
/* A private directory for files that are gone when the command ends. */
#ifndef PYTHREAD_TRACE_SCRATCH_H
#define PYTHREAD_TRACE_SCRATCH_H

#include "base/common.h"

#include <limits.h>

#define SCRATCH_PATH_SIZE (PATH_MAX + 32)

struct scratch {
	char path[PATH_MAX];
};

/* In $TMPDIR, else in /tmp. False after one line that says what is wrong. */
bool scratch_make(struct scratch *scratch);

/* The directory and all files in it; it has no directories. */
void scratch_remove(const struct scratch *scratch);

/* Fills in path, and returns it. */
const char *scratch_path(const struct scratch *scratch, const char *name,
			 char path[SCRATCH_PATH_SIZE]);

#endif
