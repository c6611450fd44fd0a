/* SPDX-License-Identifier: MIT */
/* Where a library's own file and its debug file are. */
#ifndef PYTHREAD_TRACE_BABELTRACE_LIBRARY_FILES_H
#define PYTHREAD_TRACE_BABELTRACE_LIBRARY_FILES_H

#include "babeltrace/lookup.h"

/* Fills in files and state by path and build id, and `first` where the file tells. */
void library_files_find(struct library *library, const struct lookup_places *places);

#endif
