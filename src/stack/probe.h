/* SPDX-License-Identifier: MIT */
/* Whether memory can be read, asked without a trace in the program: for libunwind, and for us. */
#ifndef PYTHREAD_TRACE_STACK_PROBE_H
#define PYTHREAD_TRACE_STACK_PROBE_H

#include "base/common.h"

/*
 * Gives the freshly loaded libunwind (what dlopen returned) another way to find out whether memory
 * can be read. Its own is a pipe that it keeps open: two file descriptors in every process, which
 * a program that closes descriptors it does not know hands to files of its own, for libunwind to
 * read from, write to and close. Also takes over what it keeps for each thread (unwind_cache.h).
 * Before the first use of libunwind, by one thread.
 *
 * A libunwind of another make is left as it is, and false returned.
 */
bool probe_install(void *libunwind);

/* Whether a byte can be read there, also where a sandbox refuses process_vm_readv(). Sets errno. */
bool probe_readable(const void *address);

#endif
