/* SPDX-License-Identifier: MIT */
/* Where the other parts of the tool are. */
#ifndef PYTHREAD_TRACE_PLACE_H
#define PYTHREAD_TRACE_PLACE_H

/*
 * The absolute path of a part, links resolved: where it is in the build tree, when the running
 * program is in one; else in `directory`, the one it is installed in, seen from this program, also
 * under a DESTDIR or when the whole installation was moved; else in `directory` itself. NULL after
 * one line that says what is missing. The caller frees it.
 *
 * in_build: below the build tree's top, with a "/" first; its last part is the name of the file.
 */
char *place_find(const char *in_build, const char *directory);

#endif
