/* SPDX-License-Identifier: MIT */
/* Stands in for libc's allocator, by its other names: free() stays libc's. */
#include "faults.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void *memalign(size_t alignment, size_t size);

#define DUE(name) fault_is_due(name, __builtin_return_address(0))

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

/*
 * A Py_tss_t: the tool gets it for the program, from the interpreter's allocator, which may jump
 * here. Of its own it allocates nothing that small.
 */
static bool is_key(size_t size, const void *caller)
{
	return size == sizeof(int) + sizeof(pthread_key_t) &&
	       owner_of(caller, NULL, NULL) == OWNER_TOOL;
}

void *malloc(size_t size)
{
	return !is_key(size, __builtin_return_address(0)) && DUE("malloc") ? no_memory()
									   : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return DUE("calloc") ? no_memory() : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	return DUE("realloc") ? no_memory() : __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size)
{
	return DUE("memalign") ? no_memory() : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return DUE("aligned_alloc") ? no_memory() : __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	void *memory = DUE("posix_memalign") ? NULL : __libc_memalign(alignment, size);

	if (!memory)
		return ENOMEM;
	*block = memory;
	return 0;
}
