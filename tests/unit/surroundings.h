/* SPDX-License-Identifier: MIT */
/* What a test can learn of where it runs. */
#ifndef SURROUNDINGS_H
#define SURROUNDINGS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* By an emulator of another processor, such as qemu-user, which heeds no limit on memory. */
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

/* By valgrind, which needs memory of its own. */
static inline bool under_valgrind(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	return preloaded && strstr(preloaded, "vgpreload");
}

/* How many file descriptors this process has open, and some more that are always the same. */
static inline unsigned int open_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	if (!directory)
		abort();
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

#endif
