/* SPDX-License-Identifier: MIT */
/* How a thread's end is seen: before its keys' values are destroyed, and after the last of them. */
#include "hook/last_thread.h"
#include "hook/pthread_key.h"
#include "hook/runtime.h"
#include "hook/thread_internal.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "hook/tsan.h"
#include "stack/unwind_cache.h"

#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NO_KEY PTHREAD_KEYS_MAX

/* glibc's registration of destructors of thread-local objects: needs no key. */
extern int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *dso);
extern void *__dso_handle __attribute__((visibility("hidden")));

__thread struct thread *thread_ending INITIAL_EXEC;
__thread bool thread_ended INITIAL_EXEC;

static pthread_key_t end_key = NO_KEY;
static unsigned int rounds = PTHREAD_DESTRUCTOR_ITERATIONS;
static uint64_t unwatched;

static void finish(struct thread *thread)
{
	struct site site = {.tid = (pid_t)syscall(SYS_gettid)};

	thread_ending = NULL;
	thread_ended = true;
	if (tool_enter()) {
		trace_thread_ends(&thread->left);
		keys_report_left(&thread->left, &site);
		mutexes_thread_end(&thread->mutexes, runtime_is_ending() ? NULL : &site);
		tool_leave();
	}
	unwind_cache_free();
	thread_block_release(thread);
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

/*
 * Not under the lock: libc may allocate here, and an allocator may call us with a lock of its own.
 * So the key may have been given up meanwhile: then no stranger is to find our value in it.
 */
static bool mark(const struct thread *thread)
{
	pthread_key_t key = __atomic_load_n(&end_key, __ATOMIC_RELAXED);
	bool was_inside, marked;

	if (key == NO_KEY || pthread_setspecific(key, thread) != 0)
		return false;
	was_inside = thread_lock_inside();
	marked = end_key == key;
	thread_unlock_inside(was_inside);
	if (!marked)
		pthread_setspecific(key, NULL);
	return marked;
}

/* The second: the last destructor of the last round that there is for us. */
static void end(void *data)
{
	struct thread *thread = data;

	thread_set_current(NULL); /* where the first step was left out */
	thread_quiet = NULL;
	thread_ending = thread;
	if (++thread->rounds < rounds && mark(thread))
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

void thread_watch_end(struct thread *thread)
{
	thread->left = (struct keys_left){0};
	if (can_register())
		__cxa_thread_atexit_impl(begin_to_end, thread, &__dso_handle);
	else
		__atomic_add_fetch(&unwatched, 1, __ATOMIC_RELAXED);
	mark(thread);
}

void thread_watch_ends(void)
{
	pthread_key_t key;

	if (tsan_is_here())
		rounds = PTHREAD_DESTRUCTOR_ITERATIONS - 1;
	if (core_key_create_above(TOOL_KEY_LEAST, &key, end))
		return;
	keys_raw_created(key, &(struct site){.caller = (const void *)thread_watch_ends}, true);
	__atomic_store_n(&end_key, key, __ATOMIC_RELAXED);
}

static pthread_key_t take_key(void)
{
	bool was_inside = thread_lock_inside();
	pthread_key_t key = end_key;

	__atomic_store_n(&end_key, NO_KEY, __ATOMIC_RELAXED);
	thread_unlock_inside(was_inside);
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

uint64_t thread_ends_unwatched(void)
{
	return __atomic_load_n(&unwatched, __ATOMIC_RELAXED);
}
