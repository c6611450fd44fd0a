/* SPDX-License-Identifier: MIT */
/*
 * The Python interpreters in this process: the executable itself, a shared libpython, or both.
 * They are adopted once; after that everything here is cheap, thread safe and takes no lock.
 */
#ifndef PYTHREAD_TRACE_RUNTIME_H
#define PYTHREAD_TRACE_RUNTIME_H

#include "base/common.h"

#define RUNTIMES_MAX 4

/* Where the adopted ones are; the rest is empty. */
extern struct runtime_place {
	uintptr_t start, size;
} runtime_places[RUNTIMES_MAX];

/* Whether there is one now, adopted or not. Walks over all objects. */
bool runtime_is_there(void);

/* Whether this code belongs to one that has not been adopted. As elf_at(). */
bool runtime_is_new(const void *code);

/* Remembers those that are there, and keeps them there. False when there are none. */
bool runtime_adopt(void);

/* Of the adopted ones: */
bool runtime_is_known(void);
void *runtime_symbol(const char *name); /* NULL when none exports it */
bool runtime_is_executable(void);	/* the first one is the executable, not a shared object */
bool runtime_is_initialized(void);	/* Py_IsInitialized() */

/* Whether this code is one's. */
static inline bool runtime_contains(const void *code)
{
	for (unsigned int i = 0; i < RUNTIMES_MAX && runtime_places[i].size; i++) {
		if ((uintptr_t)code - runtime_places[i].start < runtime_places[i].size)
			return true;
	}
	return false;
}

/* Whether it is being finalised or has been: threads may end anywhere, by no fault of theirs. */
bool runtime_is_ending(void);

#endif
