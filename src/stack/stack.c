/* SPDX-License-Identifier: MIT */
#include "stack/stack.h"

#include "stack/intern.h"
#include "stack/modules.h"
#include "stack/native.h"
#include "stack/python_internal.h"
#include "stack/store.h"
#include "stack/trail.h"

#include <errno.h>
#include <unistd.h>

static unsigned int wanted_depth;
static __thread pid_t thread_id __attribute__((tls_model("initial-exec")));

void stack_init(unsigned int depth)
{
	int saved = errno;

	wanted_depth = depth < STACK_DEPTH_MAX ? depth : STACK_DEPTH_MAX;
	native_init();
	errno = saved;
}

static pid_t current_thread(void)
{
	if (unlikely(thread_id == 0))
		thread_id = gettid();
	return thread_id;
}

static uint32_t unwind_native(const void *caller)
{
	struct native_trace trace;

	if (wanted_depth == 0 || !native_capture(&trace, wanted_depth, caller))
		return 0;
	return intern_stack(trace.ip, trace.count);
}

static SLOW_PATH uint32_t unwind_from(void *const *frame, const void *caller)
{
	uint32_t number = unwind_native(caller);

	if (number && trail_is_due(frame, caller))
		native_lay_trail(frame, caller, number);
	return number;
}

/* Its frame is where trails begin: it must have one of its own. */
static __attribute__((noinline)) uint32_t capture_native(const void *caller, bool *followed)
{
	void *const *frame = __builtin_frame_address(0);
	uint32_t number = trail_follow(frame, caller);

	*followed = number != 0;
	return likely(number) ? number : unwind_from(frame, caller);
}

void stack_capture(struct site *site, const void *caller)
{
	int saved = errno;
	bool followed;

	site->caller = caller;
	site->tid = current_thread();
	site->native = capture_native(caller, &followed);
	if (unlikely(!followed && stack_in_signal_handler(site)))
		site->python = PYTHON_IN_SIGNAL_HANDLER;
	else
		site->python = python_capture();
	errno = saved;
}

void stack_capture_native(struct site *site, const void *caller)
{
	int saved = errno;
	bool followed;

	site->caller = caller;
	site->tid = current_thread();
	site->native = capture_native(caller, &followed);
	site->python = PYTHON_OF_INTERPRETER;
	errno = saved;
}

void stack_note_caller(struct site *site, const void *caller)
{
	int saved = errno;

	*site = (struct site){.caller = caller, .tid = current_thread()};
	errno = saved;
}

const struct native_stack *stack_native(const struct site *site)
{
	return intern_get(site->native);
}

/* The stack knows its frames' modules already: cheaper than to ask the dynamic linker again. */
uint32_t stack_module(const struct site *site)
{
	const struct native_stack *stack = stack_native(site);

	return stack && stack->count ? stack->frame[0].module : module_at(site->caller);
}

const struct python_stack *stack_python(const struct site *site)
{
	return site->tid ? python_stack_get(site->python) : NULL;
}

bool stack_in_signal_handler(const struct site *site)
{
	const struct native_stack *stack = stack_native(site);

	return stack && stack->in_signal_handler;
}

const char *stack_native_refusal(void)
{
	const char *refusal = native_refusal();

	if (!refusal && wanted_depth == 0)
		return "the stack depth asked for is 0";
	return refusal;
}

const char *stack_native_absent(const struct site *site)
{
	const char *refusal;

	if (site->native)
		return NULL;
	if (site->tid == 0)
		return "none was taken";
	refusal = stack_native_refusal();
	return refusal ? refusal : "memory ran out";
}

const char *stack_python_absent(const struct site *site)
{
	return site->tid ? python_absent_text(site->python) : "none was taken";
}

uint64_t stack_place(const struct site *site)
{
	const struct native_stack *stack = stack_native(site);
	uint64_t place = 0;
	unsigned int i;

	if (!stack)
		return (uintptr_t)site->caller;
	for (i = 0; i < stack->count && stack->frame[i].module == stack->frame[0].module; i++) {
		place = (place ^ stack->frame[i].ip) * HASH_MULTIPLIER;
		place ^= place >> 32;
	}
	return place;
}

uint64_t stack_dropped(void)
{
	return intern_dropped() + python_dropped();
}

void stack_before_fork(void)
{
	native_before_fork();
	store_before_fork();
}

void stack_after_fork(void)
{
	thread_id = 0;
	store_after_fork();
	native_after_fork();
}
