/* SPDX-License-Identifier: MIT */
/*
 * The object files that stacks and keys point into, remembered by number so that a report can
 * name a library that has been unloaded since. Thread safe, by src/stack's lock.
 */
#ifndef PYTHREAD_TRACE_MODULES_H
#define PYTHREAD_TRACE_MODULES_H

#include "base/common.h"

struct module {
	const char *path; /* as the dynamic linker knows it; the executable's real path */
	const char *name; /* the last part of path */
	uintptr_t bias;	  /* load address minus link-time address */
	uintptr_t start;  /* first mapped address */
	uintptr_t end;	  /* one past the last */
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

/* NULL for 0. The struct lives as long as the process. */
const struct module *module_get(uint32_t id);

#endif
