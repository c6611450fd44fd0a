/* SPDX-License-Identifier: MIT */
#include "hook/thread.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "hook/last_thread.h"
#include "hook/process.h"
#include "hook/runtime.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "stack/unwind_cache.h"

/* The numbers below are what a program that forgot to create its key writes to: stay away. */
#define OWN_KEY_LEAST 64
#define NO_KEY PTHREAD_KEYS_MAX

#define READS_OFTEN 256

/* glibc's registration of destructors of thread-local objects: needs no key. */
extern int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *dso);
extern void *__dso_handle __attribute__((visibility("hidden")));

__thread struct thread *thread_current INITIAL_EXEC;
__thread struct thread *thread_ending INITIAL_EXEC;
__thread struct thread *thread_paused INITIAL_EXEC;
struct thread thread_none;
__thread struct thread *thread_of_uses INITIAL_EXEC = &thread_none;
struct thread thread_nowhere = {.key_slots = KEY_SLOTS};
/* In a forked child, the block of a thread that only the interpreter has called from yet. */
static __thread struct thread *thread_quiet INITIAL_EXEC;
static __thread bool ended INITIAL_EXEC;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena arena;
static struct thread *threads; /* all blocks ever made */
static pthread_key_t end_key = NO_KEY;
static uint64_t early_reads[FUNCTION_COUNT]; /* by threads that have not begun */
static uint64_t unwatched;		     /* threads whose end is not seen when it begins */
static bool forked, called_from_outside;

/* Inside the tool, so that no signal handler's fork waits for this thread itself. */
static bool lock_inside(void)
{
	bool was_inside = tool_is_inside();

	tool_set_inside(true);
	pthread_mutex_lock(&lock);
	return was_inside;
}

static void unlock_inside(bool was_inside)
{
	pthread_mutex_unlock(&lock);
	tool_set_inside(was_inside);
}

static struct thread *claim_block(void)
{
	bool was_inside = lock_inside();
	struct thread *thread;

	for (thread = threads; thread && thread->in_use; thread = thread->next)
		continue;
	if (!thread) {
		/* Arenas align for any type, not for a cache line. */
		thread = arena_alloc(&arena, sizeof(*thread) + _Alignof(struct thread));
		if (thread) {
			uintptr_t address = (uintptr_t)thread + _Alignof(struct thread) - 1;

			thread = (struct thread *)(address & ~(_Alignof(struct thread) - 1));
			thread->key_slots = KEY_SLOTS;
			thread->next = threads;
			__atomic_store_n(&threads, thread, __ATOMIC_RELEASE);
		}
	}
	if (thread)
		thread->in_use = true;
	unlock_inside(was_inside);
	return thread;
}

static void release_block(struct thread *thread)
{
	bool was_inside = lock_inside();

	thread->rounds = 0;
	thread->in_use = false;
	unlock_inside(was_inside);
}

static void finish(struct thread *thread)
{
	struct site site = {.tid = (pid_t)syscall(SYS_gettid)};

	thread_ending = NULL;
	ended = true;
	if (tool_enter()) {
		trace_thread_ends(&thread->left);
		keys_report_left(&thread->left, &site);
		mutexes_thread_end(&thread->mutexes, runtime_is_ending() ? NULL : &site);
		tool_leave();
	}
	unwind_cache_free();
	release_block(thread);
	if (site.tid == getpid())
		last_thread_first_ends();
}

/*
 * The first of two steps, before any key's value is destroyed (glibc clears every value, key by
 * key): note the values. Destructors that run from now on may still take theirs away.
 */
static void begin_to_end(void *data)
{
	struct thread *thread = data;

	thread_set_current(NULL);
	thread_quiet = NULL;
	thread_ending = thread;
	if ((pid_t)syscall(SYS_gettid) != getpid())
		keys_find_left(&thread->left);
	if (__atomic_load_n(&end_key, __ATOMIC_RELAXED) == NO_KEY)
		finish(thread);
}

/* Under the lock: nobody gives the key up meanwhile, for a stranger to find our value in it. */
static bool mark(const struct thread *thread)
{
	bool was_inside = lock_inside();
	bool marked = end_key != NO_KEY && pthread_setspecific(end_key, thread) == 0;

	unlock_inside(was_inside);
	return marked;
}

/* The second: the last destructor of the last round. */
static void end(void *data)
{
	struct thread *thread = data;

	thread_set_current(NULL); /* where the first step was left out */
	thread_quiet = NULL;
	thread_ending = thread;
	if (++thread->rounds < PTHREAD_DESTRUCTOR_ITERATIONS && mark(thread))
		return;
	finish(thread);
}

/* glibc ends the program that has no memory to register a destructor. It needs far less. */
static bool can_register(void)
{
	void *room = malloc(2048);

	free(room);
	return room;
}

static void watch_end(struct thread *thread)
{
	thread->left = (struct keys_left){0};
	if (can_register())
		__cxa_thread_atexit_impl(begin_to_end, thread, &__dso_handle);
	else
		__atomic_add_fetch(&unwatched, 1, __ATOMIC_RELAXED);
	mark(thread);
}

/* Where the call only reads, a signal handler may make it. */
static struct thread *begin(bool reads)
{
	struct thread *thread;

	if (ended || !process_is_own() || !tool_guard())
		return NULL;
	thread = reads && tool_is_in_signal_handler() ? NULL : claim_block();
	if (thread) {
		mutexes_thread_begin(&thread->mutexes, (pid_t)syscall(SYS_gettid));
		watch_end(thread);
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
	bool quiet = forked && (runtime_contains(caller) || !trace_child_begins());

	thread_set_current(quiet ? NULL : thread);
	thread_quiet = quiet ? thread : NULL;
	if (!quiet)
		called_from_outside = true;
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
	const struct thread *thread = __atomic_load_n(&threads, __ATOMIC_ACQUIRE);
	uint64_t calls = __atomic_load_n(&early_reads[function], __ATOMIC_RELAXED);

	for (; thread; thread = thread->next)
		calls += __atomic_load_n(&thread->calls[function], __ATOMIC_RELAXED);
	return calls;
}

void thread_watch_ends(void)
{
	pthread_key_t key;

	if (core_key_create_above(OWN_KEY_LEAST, &key, end))
		return;
	keys_raw_created(key, &(struct site){.caller = (const void *)thread_watch_ends}, true);
	__atomic_store_n(&end_key, key, __ATOMIC_RELAXED);
}

static pthread_key_t take_key(void)
{
	pthread_key_t key;

	pthread_mutex_lock(&lock);
	key = end_key;
	__atomic_store_n(&end_key, NO_KEY, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&lock);
	return key;
}

static bool give_up_key(void)
{
	pthread_key_t key = take_key();

	if (key == NO_KEY)
		return false;
	keys_raw_deleting(key, &(struct site){.caller = (const void *)thread_give_up_key});
	return core_host.key_delete(key) == 0;
}

bool thread_give_up_key(void)
{
	bool was_inside = tool_is_inside(), given;

	tool_set_inside(true);
	given = give_up_key();
	tool_set_inside(was_inside);
	return given;
}

struct mutex_thread *thread_mutexes(void)
{
	struct thread *thread = thread_current ? thread_current : thread_quiet;

	return thread && thread != &thread_nowhere ? &thread->mutexes : NULL;
}

void thread_before_fork(void)
{
	pthread_mutex_lock(&lock);
}

static void begin_again(void)
{
	struct thread *own = thread_current ? thread_current : thread_quiet;

	for (struct thread *thread = threads; thread; thread = thread->next) {
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
	pthread_mutex_unlock(&lock);
}

/* Of this kind, an unlock by the one that took it before, in the interrupted work, does nothing. */
void thread_after_unguarded_fork(void)
{
	lock = (pthread_mutex_t)PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
}

uint64_t thread_dropped(void)
{
	return arena.refused + __atomic_load_n(&unwatched, __ATOMIC_RELAXED);
}
