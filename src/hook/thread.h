/* SPDX-License-Identifier: MIT */
/*
 * What the library keeps for each thread: counters that nobody else writes, and what is needed to
 * see it end. Blocks live as long as the process and are used again.
 */
#ifndef PYTHREAD_TRACE_THREAD_H
#define PYTHREAD_TRACE_THREAD_H

#include "hook/functions.h"
#include "model/keys.h"
#include "model/mutexes.h"

#define INITIAL_EXEC __attribute__((tls_model("initial-exec")))

struct thread {
	unsigned int key_slots; /* KEY_SLOTS; 0 in the one that stands for none */
	uint64_t calls[FUNCTION_COUNT];
	struct thread *next;   /* of all blocks there are */
	bool in_use;	       /* by a thread that has begun, until its end was seen */
	unsigned int rounds;   /* of the thread's key destructors */
	struct keys_left left; /* values found when the thread began to end */
	struct mutex_thread mutexes;
} __attribute__((aligned(64)));

/*
 * NULL until the thread begins, with its first call that does more than read, and again once it has
 * begun to end: calls are then slow.
 */
extern __thread struct thread *thread_current INITIAL_EXEC;

/*
 * The same for uses of keys, never NULL: thread_none, which has no key slots, stands in for it. One
 * test less where each one counts.
 */
extern __thread struct thread *thread_of_uses INITIAL_EXEC;
extern struct thread thread_none;

static inline void thread_set_current(struct thread *thread)
{
	thread_current = thread;
	thread_of_uses = thread ? thread : &thread_none;
}

/* Set from the moment the thread begins to end. */
extern __thread struct thread *thread_ending INITIAL_EXEC;

/* Counts the call, unless this thread's calls are slow now: false, and the slow path must count. */
static inline bool count_call(enum function function)
{
	struct thread *thread = thread_current;

	if (unlikely(!thread))
		return false;
	/* Not by atomics: of them no compiler makes the one instruction that this is. */
	thread->calls[function]++;
	return true;
}

/*
 * Counts a use of a key that is live and this owner's. False for any other one, and where calls are
 * slow now, as in a thread that has begun to end: nothing is counted then.
 */
static inline bool count_everyday_use(enum function function, unsigned int key, const void *owner)
{
	struct thread *thread = thread_of_uses;

	if (unlikely(key >= thread->key_slots) || unlikely(keys_owner_of(key) != owner))
		return false;
	thread->calls[function]++;
	return true;
}

/* Counts a call that count_call() refused. The first one of a thread begins to watch it. */
void thread_count_slowly(enum function function, const void *caller);

/* For a call that has a slow path anyway. */
static inline void count_any_call(enum function function, const void *caller)
{
	if (unlikely(!count_call(function)))
		thread_count_slowly(function, caller);
}

/* A destructor of the ending thread took this key's value away itself. */
static inline void thread_value_cleared(unsigned int key)
{
	if (unlikely(thread_ending != NULL) && key < KEY_SLOTS)
		thread_ending->left.slots[key / 64] &= ~(UINT64_C(1) << (key % 64));
}

/* Calls of one function by all threads, ended ones too. */
uint64_t thread_calls(enum function function);

/*
 * Whether anybody but the interpreter called a hooked function. Only followed in forked children,
 * where it decides whether there is anything to report.
 */
bool thread_called_from_outside(void);

/*
 * While the tool works, what it makes the interpreter call is counted in thread_nowhere, which
 * nobody reads. thread_paused: what thread_current was.
 */
extern __thread struct thread *thread_paused INITIAL_EXEC;
extern struct thread thread_nowhere;

static inline void thread_pause_counting(void)
{
	thread_paused = thread_current;
	thread_set_current(&thread_nowhere);
}

static inline void thread_resume_counting(void)
{
	thread_set_current(thread_paused);
}

/* The calling thread begins, before it calls anything: where its end is to be seen all the same. */
void thread_begin(void);

/* Whether the calling thread has begun, and its end is still to be seen. */
bool thread_has_begun(void);

/* What the calling thread holds and waits for; NULL where it has not begun. */
struct mutex_thread *thread_mutexes(void);

/* Makes the key by which a thread's end is seen; without one it is seen a little too early. */
void thread_watch_ends(void);

/* Gives that key up for the program, which has none left. False when there was none to give. */
bool thread_give_up_key(void);

/* Around fork. In the child only the calling thread is there, and nothing was called yet. */
void thread_before_fork(void);
void thread_after_fork(bool in_child);

/* In the child of a fork without these two: the lock may be one of a thread that is not here. */
void thread_after_unguarded_fork(void);

/* Blocks that memory ran out for. */
uint64_t thread_dropped(void);

#endif
