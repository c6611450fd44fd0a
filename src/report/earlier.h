/* SPDX-License-Identifier: MIT */
/*
 * What an earlier program of this process reported: an exec puts another one in its place, and the
 * name of the file may be the same. Not thread safe: under the report's output lock.
 */
#ifndef PYTHREAD_TRACE_EARLIER_H
#define PYTHREAD_TRACE_EARLIER_H

#include "base/common.h"

/* Whether the file is, or may be, this very process's report as text. */
bool earlier_is_text(const char *path);

/*
 * Gives the file, if it is or may be this very process's report in any format, the name path.1, or
 * with the next number that is free. 0 also where there is nothing to keep, or an errno.
 */
int earlier_keep(const char *path);

#endif
