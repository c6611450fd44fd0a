/* SPDX-License-Identifier: MIT */
/* The other files of the tool, found by where the preloaded library itself is. */
#ifndef PYTHREAD_TRACE_BESIDE_H
#define PYTHREAD_TRACE_BESIDE_H

#include "base/common.h"

#include <limits.h>

/*
 * The path of the file that is `relative` to the library's folder. False, with anything in path,
 * where no such file can be read or the path is too long. Thread safe; takes the lock of
 * src/stack/; may change errno.
 */
bool beside_library(char path[PATH_MAX], const char *relative);

#endif
