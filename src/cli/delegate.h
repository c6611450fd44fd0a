/* SPDX-License-Identifier: MIT */
/* Commands that are programs of their own, because of the libraries that they need. */
#ifndef PYTHREAD_TRACE_DELEGATE_H
#define PYTHREAD_TRACE_DELEGATE_H

/*
 * Becomes the command's program, argv[0] being the command's name. Returns only when that does not
 * work, after one line that says why: the exit status.
 */
int delegate(char **argv);

/* The program of this command; as place_find() has it. */
char *delegate_find(const char *command);

#endif
