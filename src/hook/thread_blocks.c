/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "hook/thread_internal.h"
#include "hook/tool.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct arena arena;
static struct thread *threads;

bool thread_lock_inside(void)
{
	bool was_inside = tool_is_inside();

	tool_set_inside(true);
	pthread_mutex_lock(&lock);
	return was_inside;
}

void thread_unlock_inside(bool was_inside)
{
	pthread_mutex_unlock(&lock);
	tool_set_inside(was_inside);
}

/* Arenas align for any type, not for a cache line. Under the lock. */
static struct thread *make_block(void)
{
	const size_t alignment = _Alignof(struct thread);
	struct thread *thread;
	char *memory = arena_alloc(&arena, sizeof(*thread) + alignment);

	if (!memory)
		return NULL;
	memory += -(uintptr_t)memory % alignment;
	thread = (struct thread *)memory;
	thread->key_slots = KEY_SLOTS;
	thread->next = threads;
	__atomic_store_n(&threads, thread, __ATOMIC_RELEASE);
	return thread;
}

struct thread *thread_block_claim(void)
{
	bool was_inside = thread_lock_inside();
	struct thread *thread;

	for (thread = threads; thread && thread->in_use; thread = thread->next)
		continue;
	if (!thread)
		thread = make_block();
	if (thread)
		thread->in_use = true;
	thread_unlock_inside(was_inside);
	return thread;
}

void thread_block_release(struct thread *thread)
{
	bool was_inside = thread_lock_inside();

	thread->rounds = 0;
	thread->in_use = false;
	thread_unlock_inside(was_inside);
}

struct thread *thread_blocks(void)
{
	return __atomic_load_n(&threads, __ATOMIC_ACQUIRE);
}

uint64_t thread_blocks_dropped(void)
{
	return arena.refused;
}

void thread_blocks_before_fork(void)
{
	pthread_mutex_lock(&lock);
}

void thread_blocks_after_fork(void)
{
	pthread_mutex_unlock(&lock);
}

/* Of this kind, an unlock by the one that took it before, in the interrupted work, does nothing. */
void thread_after_unguarded_fork(void)
{
	lock = (pthread_mutex_t)PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
}
