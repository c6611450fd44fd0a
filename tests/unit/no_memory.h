/* SPDX-License-Identifier: MIT */
/* The kernel has no memory left, at will: the program is linked with --wrap=mmap. */
#ifndef NO_MEMORY_H
#define NO_MEMORY_H

#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>

void *__real_mmap(void *address, size_t length, int protection, int flags, int file, off_t offset);
void *__wrap_mmap(void *address, size_t length, int protection, int flags, int file, off_t offset);

static bool no_memory;

void *__wrap_mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
	if (no_memory) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return __real_mmap(address, length, protection, flags, file, offset);
}

#endif
