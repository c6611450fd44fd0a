/* SPDX-License-Identifier: MIT */
/* The program to run: where it is, and whether a preload can reach it. */
#ifndef PYTHREAD_TRACE_PROGRAM_H
#define PYTHREAD_TRACE_PROGRAM_H

/*
 * The file that execvp(3) would take. NULL after one line that says why there is none, and *status
 * is then STATUS_CANNOT_RUN or STATUS_NOT_FOUND. The caller frees it.
 */
char *program_find(const char *name, int *status);

/* The file of that name in PATH, or NULL. The caller frees it. */
char *program_search(const char *name);

/* One line when the dynamic linker will not load a preload into this file. */
void program_warn(const char *path);

#endif
