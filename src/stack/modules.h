/* SPDX-License-Identifier: MIT */
/*
 * The object files that stacks and keys point into, remembered by number so that a report can
 * name a library that has been unloaded since. Thread safe, by src/stack's lock.
 */
#ifndef PYTHREAD_TRACE_MODULES_H
#define PYTHREAD_TRACE_MODULES_H

#include "base/common.h"

/*
 * Where the files of another process's module are found, which need not be where it had them. The
 * caller has made sure that they are the right ones.
 */
struct module_files {
	const char *loaded; /* NULL: not to be had */
	const char *debug;  /* the separate debug file; NULL: where `loaded` says, if anywhere */
};

struct module {
	const char *path; /* as the dynamic linker knows it; the executable's real path */
	const char *name; /* the last part of path */
	uintptr_t bias;	  /* load address minus link-time address */
	uintptr_t start;  /* first mapped address */
	uintptr_t end;	  /* one past the last */
	const struct module_files *files; /* of another process; NULL: it is this one's own */
};

/*
 * The module that holds this address now, or 0: heap, stack, generated code. Of an executable with
 * holes between its segments (aarch64) each segment is a module, all of one path.
 */
uint32_t module_at(const void *address);

/*
 * Whether module_at(address) would still be id. Takes no lock and makes no system call, so that a
 * remembered answer can be checked each time it is used; where the C library gives no cheap way
 * (glibc before 2.35) the answer is yes.
 */
bool module_still_at(uint32_t id, const void *address);

/*
 * Around every dlclose() of the program. Between two of them modules come, but none goes: what is
 * known of an address in a module that was there stays true.
 */
void modules_unload_begins(void);
void modules_unload_ends(void);

extern struct modules_unloads {
	uint32_t begun, ended;
} modules_unloads;

/*
 * The number of the time since the last unloading, never 0; 0 while one goes on. What was found
 * out in the time of the same number, which was read before, holds still.
 */
static inline uint32_t modules_time(void)
{
	uint32_t ended = __atomic_load_n(&modules_unloads.ended, __ATOMIC_ACQUIRE);
	uint32_t begun = __atomic_load_n(&modules_unloads.begun, __ATOMIC_ACQUIRE);

	return likely(begun == ended) ? begun + 1 : 0;
}

/* NULL for 0. The struct lives as long as the process. */
const struct module *module_get(uint32_t id);

#endif
