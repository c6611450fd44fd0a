/* SPDX-License-Identifier: MIT */
/* Where the preloaded library is. */
#ifndef PYTHREAD_TRACE_LIBRARY_H
#define PYTHREAD_TRACE_LIBRARY_H

#define LIBRARY_FILE "libpythread-trace.so"

/*
 * Its absolute path: in the build tree when the command runs from there, else where it was
 * installed, also under a DESTDIR or when the whole tree was moved. NULL after one line that says
 * what is wrong. The caller frees it.
 */
char *library_path(void);

#endif
