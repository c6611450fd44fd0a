/* SPDX-License-Identifier: MIT */
/* What doctor tells of the file of an extension module, or of another shared library. */
#ifndef PYTHREAD_TRACE_EXTENSION_H
#define PYTHREAD_TRACE_EXTENSION_H

#include "base/common.h"

/*
 * Whether doctor's argument is a shared library, not an interpreter: by its name (*.so, *.so.*),
 * or as an ELF shared object that nobody may execute.
 */
bool extension_is(const char *path);

/*
 * Prints whether every PyMutex operation of the library will be seen. 0, or the exit status after
 * one line that says what is wrong with the file.
 */
int extension_examine(const char *path);

#endif
