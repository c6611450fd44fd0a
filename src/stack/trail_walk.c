/* SPDX-License-Identifier: MIT */
#include "stack/trail_walk.h"

#include "stack/probe.h"
#include "stack/trail.h"

#if defined(__x86_64__)

#define UNW_LOCAL_ONLY
#include <dlfcn.h>
#include <libunwind.h>
#include <sys/uio.h>
#include <unistd.h>

#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

static struct {
	int (*getcontext)(unw_context_t *context);
	int (*init)(unw_cursor_t *cursor, unw_context_t *context);
	int (*step)(unw_cursor_t *cursor);
	int (*get_reg)(unw_cursor_t *cursor, int reg, unw_word_t *value);
	int (*get_save_loc)(unw_cursor_t *cursor, int reg, unw_save_loc_t *location);
	int (*is_signal_frame)(unw_cursor_t *cursor);
	bool complete;
} unwind;

/* unw_getcontext() is a macro with arguments; this is the function behind it. */
#define GETCONTEXT "_Ux86_64_getcontext"

void trail_init(void *libunwind)
{
	*(void **)&unwind.getcontext = dlsym(libunwind, GETCONTEXT);
	*(void **)&unwind.init = dlsym(libunwind, TEXT(unw_init_local));
	*(void **)&unwind.step = dlsym(libunwind, TEXT(unw_step));
	*(void **)&unwind.get_reg = dlsym(libunwind, TEXT(unw_get_reg));
	*(void **)&unwind.get_save_loc = dlsym(libunwind, TEXT(unw_get_save_loc));
	*(void **)&unwind.is_signal_frame = dlsym(libunwind, TEXT(unw_is_signal_frame));
	unwind.complete = unwind.getcontext && unwind.init && unwind.step && unwind.get_reg &&
			  unwind.get_save_loc && unwind.is_signal_frame;
}

static uintptr_t reg(unw_cursor_t *cursor, int number)
{
	unw_word_t value = 0;

	return unwind.get_reg(cursor, number, &value) == 0 ? value : 0;
}

#define PAGE 4096 /* at least */

/* Wrong tables of frames lead anywhere, and libunwind asks only where it reads itself. */
static bool is_readable(const struct trail_walk *walk, const uintptr_t *at)
{
	const uintptr_t *last = walk->count ? walk->step[walk->count - 1].place : NULL;

	return (last && (uintptr_t)last / PAGE == (uintptr_t)at / PAGE) || probe_readable(at);
}

static bool add(struct trail_walk *walk, uintptr_t place, uintptr_t value)
{
	const uintptr_t *at = (const uintptr_t *)place;

	/* Only what really lies there can be compared with. */
	if (walk->count == TRAIL_STEPS_MAX || place % sizeof(*at) || !is_readable(walk, at) ||
	    *at != value)
		return false;
	walk->step[walk->count++] = (struct trail_step){at, value};
	return true;
}

/* A frame's registers; where the frame pointer's value is saved, 0 when that is not in memory. */
struct registers {
	uintptr_t ip, sp, fp, fp_place;
};

static struct registers registers_of(unw_cursor_t *cursor)
{
	struct registers registers = {
		.ip = reg(cursor, UNW_X86_64_RIP),
		.sp = reg(cursor, UNW_X86_64_RSP),
		.fp = reg(cursor, UNW_X86_64_RBP),
	};
	unw_save_loc_t saved;

	if (unwind.get_save_loc(cursor, UNW_X86_64_RBP, &saved) == 0 &&
	    saved.type == UNW_SLT_MEMORY)
		registers.fp_place = saved.u.addr;
	return registers;
}

/* Nobody may have written there: by way of the kernel, so that memcheck has nothing to say. */
static bool peek(uintptr_t place, uintptr_t *word)
{
	struct iovec local = {word, sizeof(*word)}, remote = {(void *)place, sizeof(*word)};

	return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == sizeof(*word);
}

/* In an ordinary frame the saved frame pointer and the return address lie above rbp. */
#define CALLER_ABOVE_FP (2 * sizeof(uintptr_t))

/*
 * Most code uses rbp for anything; its callers are found from rsp. Only where it points into its
 * own frame can it be a frame pointer. In a realigned frame the word below leads to the caller.
 */
static bool add_frame_pointer(struct trail_walk *walk, const struct registers *inner,
			      const struct registers *outer)
{
	uintptr_t below = inner->fp - sizeof(uintptr_t), word;

	if (inner->fp < inner->sp || inner->fp >= outer->sp)
		return true;
	if (!inner->fp_place || !add(walk, inner->fp_place, inner->fp))
		return false;
	if (inner->fp + CALLER_ABOVE_FP == outer->sp || below < inner->sp)
		return true;
	return peek(below, &word) && (word != outer->sp || add(walk, below, outer->sp));
}

_Static_assert(TRAIL_STEPS_MAX % TRAIL_STRIDE == 0, "there is room for what completes it");

static void complete_stride(struct trail_walk *walk)
{
	for (; walk->count % TRAIL_STRIDE; walk->count++)
		walk->step[walk->count] = walk->step[walk->count - 1];
}

static bool add_frame(struct trail_walk *walk, const struct registers *inner,
		      const struct registers *outer)
{
	return add_frame_pointer(walk, inner, outer) &&
	       add(walk, outer->sp - sizeof(uintptr_t), outer->ip);
}

static bool step(unw_cursor_t *cursor)
{
	return unwind.step(cursor) > 0 && unwind.is_signal_frame(cursor) == 0;
}

static bool find_frame(unw_cursor_t *cursor, void *const *frame)
{
	while (step(cursor)) {
		if (reg(cursor, UNW_X86_64_RBP) == (uintptr_t)frame)
			return true;
	}
	return false;
}

bool trail_walk(struct trail_walk *walk, void *const *frame, const void *caller,
		const struct native_stack *stack)
{
	unw_context_t context;
	unw_cursor_t cursor;
	/* The first frame's own registers are known by its address: nothing to add for them. */
	struct registers inner = {.sp = UINTPTR_MAX}, outer;
	unsigned int matched = 0;

	walk->count = 0;
	if (!unwind.complete || unwind.getcontext(&context) || unwind.init(&cursor, &context) ||
	    !find_frame(&cursor, frame))
		return false;
	for (; matched < stack->count; inner = outer) {
		if (!step(&cursor))
			return false;
		outer = registers_of(&cursor);
		if (!add_frame(walk, &inner, &outer))
			return false;
		if (matched == 0 && outer.ip != (uintptr_t)caller)
			continue; /* the tool's own */
		if (outer.ip != stack->frame[matched++].ip)
			return false;
	}
	complete_stride(walk);
	return true;
}

#else

void trail_init(void *libunwind)
{
	(void)libunwind;
}

bool trail_walk(struct trail_walk *walk, void *const *frame, const void *caller,
		const struct native_stack *stack)
{
	(void)walk, (void)frame, (void)caller, (void)stack;
	return false;
}

#endif
