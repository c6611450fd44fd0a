/* SPDX-License-Identifier: MIT */
/* Whether memory is write-protected, tried out in a child. */
#ifndef PYTHREAD_TRACE_WRITE_PROTECTED_H
#define PYTHREAD_TRACE_WRITE_PROTECTED_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether a write to it kills a child. */
static inline bool is_write_protected(void *word)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGSEGV, SIG_DFL); /* cmocka has a handler */
		*(volatile uintptr_t *)word = 9;
		_exit(0);
	}
	waitpid(child, &status, 0);
	return !WIFEXITED(status);
}

#endif
