/* SPDX-License-Identifier: MIT */
/*
 * Stacks: taken at the moment, turned into text only when a report is written.
 *
 * Equal stacks share one number and live as long as the process. Thread safe; takes one lock of
 * its own, never while calling out. Keeps errno. No function here may be called from a signal
 * handler that interrupted one of them: the hooks' re-entrance guard sees to that.
 */
#ifndef PYTHREAD_TRACE_STACK_H
#define PYTHREAD_TRACE_STACK_H

#include "model/site.h"

#define STACK_DEPTH_MAX 256

/* Opens libunwind (RTLD_LOCAL: linked, it would take over C++ exceptions) and warms it up. */
void stack_init(unsigned int depth);

/*
 * Fills in *site with the calling thread's stacks as seen by `caller`, the return address of the
 * hooked function: the tool's own frames are left out. Where memory ran out the site has no
 * stacks, and the drop is counted.
 */
void stack_capture(struct site *site, const void *caller);

/* The same for a call of the interpreter itself: in its middle its frames may not be looked at. */
void stack_capture_native(struct site *site, const void *caller);

/* The caller alone, no stacks. */
void stack_note_caller(struct site *site, const void *caller);

struct native_frame {
	uintptr_t ip;	 /* a return address: the call is at ip - 1 */
	uint32_t module; /* see modules.h; 0 for code in no object file */
};

struct native_stack {
	unsigned int count;
	bool in_signal_handler;
	struct native_frame frame[]; /* newest first */
};

struct python_frame {
	const char *function;
	const char *file;
	int line; /* 0 when unknown */
};

struct python_stack {
	unsigned int count;
	struct python_frame frame[]; /* newest first */
};

/* NULL for a site that has none. */
const struct native_stack *stack_native(const struct site *site);
const struct python_stack *stack_python(const struct site *site);

/* The number, as of stack/modules.h, of the object file that the call came from; 0: of none. */
uint32_t stack_module(const struct site *site);

/* Why there is none, as part of a sentence ("the thread does not hold the GIL"). Else NULL. */
const char *stack_native_absent(const struct site *site);
const char *stack_python_absent(const struct site *site);

/*
 * A number for the place in the creating library that a site stands for: equal when the frames
 * from the newest on are the same for as long as they stay in the newest frame's module.
 */
uint64_t stack_place(const struct site *site);

/*
 * Whether the site's thread was in a signal handler, where nothing may be allocated: it may have
 * interrupted malloc. False without a native stack.
 */
bool stack_in_signal_handler(const struct site *site);

/* Stacks that were not kept because memory ran out. */
uint64_t stack_dropped(void);

/* Around fork: nobody holds the lock while the process is copied. */
void stack_before_fork(void);
void stack_after_fork(void);

/* What can be taken here, for doctor: NULL when it works, else why not. */
const char *stack_native_refusal(void);

#endif
