/* SPDX-License-Identifier: MIT */
/*
 * libdw, libelf and json-c cannot deal with a lack of memory: they end the process, crash, or leave
 * out what there was no room for. So their calls of the allocator are led through here, by their
 * tables of imports, and the first that fails ends the work in which it was made.
 */
#ifndef PYTHREAD_TRACE_REPORT_MEMORY_H
#define PYTHREAD_TRACE_REPORT_MEMORY_H

enum memory_outcome {
	MEMORY_SUFFICED,
	/* There was none to begin with: nothing was done, and nothing has changed. */
	MEMORY_MISSING,
	/*
	 * The libraries were left in the middle. What they were at work on is not to be touched
	 * again; what they hold of memory is lost.
	 */
	MEMORY_RAN_OUT,
};

/*
 * One thread at a time, not recursive. The work must not call the libraries with a lock held that
 * is not its own to lose, as in a callback of dl_iterate_phdr().
 */
enum memory_outcome memory_try(void (*work)(void *context), void *context);

#endif
