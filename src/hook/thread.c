/* SPDX-License-Identifier: MIT */
#include "hook/thread.h"

#include "hook/process.h"
#include "hook/runtime.h"
#include "hook/thread_internal.h"
#include "hook/tool.h"
#include "hook/trace.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READS_OFTEN 256

__thread struct thread *thread_current INITIAL_EXEC;
__thread struct thread *thread_paused INITIAL_EXEC;
__thread struct thread *thread_quiet INITIAL_EXEC;
struct thread thread_none;
__thread struct thread *thread_of_uses INITIAL_EXEC = &thread_none;
struct thread thread_nowhere = {.key_slots = KEY_SLOTS};

static uint64_t early_reads[FUNCTION_COUNT]; /* by threads that have not begun */
static bool forked, called_from_outside;

/* Where the call only reads, a signal handler may make it. */
static struct thread *begin(bool reads)
{
	struct thread *thread;

	if (thread_ended || !process_is_own() || !tool_guard())
		return NULL;
	thread = reads && tool_is_in_signal_handler() ? NULL : thread_block_claim();
	if (thread) {
		mutexes_thread_begin(&thread->mutexes, (pid_t)syscall(SYS_gettid));
		thread_watch_end(thread);
		trace_thread_begins();
	}
	tool_leave();
	return thread;
}

/*
 * What signal handlers may call too, profilers' above all: in malloc, where a thread cannot begin,
 * as that allocates. There is no value to watch in a thread that has only looked for one, so it
 * begins when it has looked so often that counting must be cheap.
 */
static bool only_reads(enum function function)
{
	return function == FUNCTION_PyThread_tss_get ||
	       function == FUNCTION_PyThread_tss_is_created ||
	       function == FUNCTION_PyThread_get_key_value;
}

static bool reads_often(void)
{
	static __thread unsigned int times INITIAL_EXEC;

	return ++times % READS_OFTEN == 0;
}

static void count_read(enum function function, const void *caller)
{
	__atomic_add_fetch(&early_reads[function], 1, __ATOMIC_RELAXED);
	if (!forked || !runtime_contains(caller))
		called_from_outside = true;
}

static void enter_service(struct thread *thread, const void *caller)
{
	bool quiet;

	thread_quiet = thread; /* it has begun, for those who ask meanwhile */
	quiet = forked && (runtime_contains(caller) || !trace_child_begins());
	thread_set_current(quiet ? NULL : thread);
	thread_quiet = quiet ? thread : NULL;
	if (!quiet)
		called_from_outside = true;
}

void thread_begin(void)
{
	if (!thread_has_begun())
		thread_quiet = begin(false);
}

void thread_count_slowly(enum function function, const void *caller)
{
	struct thread *thread = thread_ending ? thread_ending : thread_quiet;
	bool reads = only_reads(function);

	if (!thread) {
		if (!process_is_awake())
			process_wake();
		if (!reads || reads_often() || trace_get())
			thread = begin(reads);
	}
	if (!thread) {
		if (reads)
			count_read(function, caller);
		return;
	}
	if (!thread_ending)
		enter_service(thread, caller);
	thread->calls[function]++;
}

bool thread_called_from_outside(void)
{
	return called_from_outside;
}

bool thread_has_begun(void)
{
	return thread_current || thread_quiet || thread_ending;
}

uint64_t thread_calls(enum function function)
{
	const struct thread *thread = thread_blocks();
	uint64_t calls = __atomic_load_n(&early_reads[function], __ATOMIC_RELAXED);

	for (; thread; thread = thread->next)
		calls += __atomic_load_n(&thread->calls[function], __ATOMIC_RELAXED);
	return calls;
}

struct mutex_thread *thread_mutexes(void)
{
	struct thread *thread = thread_current ? thread_current : thread_quiet;

	return thread && thread != &thread_nowhere ? &thread->mutexes : NULL;
}

void thread_before_fork(void)
{
	thread_blocks_before_fork();
}

static void begin_again(void)
{
	struct thread *own = thread_current ? thread_current : thread_quiet;

	for (struct thread *thread = thread_blocks(); thread; thread = thread->next) {
		thread->in_use = thread == own || thread == thread_ending;
		for (unsigned int i = 0; i < FUNCTION_COUNT; i++)
			thread->calls[i] = 0;
	}
	memset(early_reads, 0, sizeof(early_reads));
	thread_quiet = own;
	thread_set_current(NULL);
	forked = true;
	called_from_outside = false;
}

void thread_after_fork(bool in_child)
{
	if (in_child)
		begin_again();
	thread_blocks_after_fork();
}

uint64_t thread_dropped(void)
{
	return thread_blocks_dropped() + thread_ends_unwatched();
}
