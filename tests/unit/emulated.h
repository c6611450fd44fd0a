/* SPDX-License-Identifier: MIT */
/* For tests of what an emulator of another processor, as qemu-user, has not. */
#ifndef EMULATED_H
#define EMULATED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Told by a limit on memory: there it is accepted, and not heeded. */
static inline bool emulated(void)
{
	const struct rlimit none = {0, 0};
	pid_t child = fork();
	int status;

	if (child == 0) {
		setrlimit(RLIMIT_AS, &none);
		_exit(mmap(NULL, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status != 0;
}

#endif
