/* SPDX-License-Identifier: MIT */
/*
 * The program, as a child in the command's process group: terminal, streams and job control are its
 * own. Ctrl-C reaches it and not the command; what is sent to the command alone (SIGTERM, SIGHUP)
 * is passed on.
 */
#ifndef PYTHREAD_TRACE_RECORD_CHILD_H
#define PYTHREAD_TRACE_RECORD_CHILD_H

#include "base/common.h"

struct child {
	pid_t pid;
	int go;	     /* a byte lets it begin; its end makes it give up */
	int outcome; /* end of file when it has become the program, else its exit status */
};

/*
 * Makes a process that waits, so that its number is known. When it may go on it calls become(data),
 * which returns only when it fails, after one line, with an exit status. False after one line.
 */
bool child_start(struct child *child, int (*become)(void *data), void *data);

/*
 * From here on what a terminal sends ends the program before it begins, and the command ends what
 * it has begun. A second time it ends the command at once.
 */
void child_take_interrupts(void);

/*
 * Instead of child_go(): it ends without having begun. A status of waitpid(2): a signal may have
 * ended it.
 */
int child_cancel(struct child *child);

#define NEVER_BEGAN (-1)

/*
 * Lets it begin. 0, or the exit status it ended with without having become the program; or
 * NEVER_BEGAN where a signal had ended it, which child_wait() tells, or after one line. From here
 * on the command ignores what a terminal sends.
 */
int child_go(struct child *child);

/*
 * Waits for its end. A status of waitpid(2). Where the program stops by itself the command does
 * too, so that a shell takes notice; it is continued by the shell, with the program.
 */
int child_wait(const struct child *child);

/* From now on a signal ends the command at once, as without any of this. */
void child_is_over(void);

/* Ends the command as the program ended: with its exit status, or of the same signal. */
int child_imitate(int status);

#endif
