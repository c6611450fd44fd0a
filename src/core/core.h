/* SPDX-License-Identifier: MIT */
/*
 * The project's own thread keys: CPython's PyThread_tss_* and legacy functions on pthreads.
 *
 * Return values and memory layout are CPython's (Python/thread_pthread.h, 3.9 to 3.15, all alike):
 * the interpreter and code nobody hooks work on the same eight bytes, so `key` is always a real
 * pthread key and `is_initialized` always 0 or 1. Nothing here needs Python, the GIL or a running
 * interpreter; nothing sets errno. Thread safe, async-signal-safe where pthreads is.
 */
#ifndef PYTHREAD_TRACE_CORE_H
#define PYTHREAD_TRACE_CORE_H

#include "base/common.h"

#include <limits.h>
#include <pthread.h>

/* Py_tss_t (Include/cpython/pythread.h). */
struct tss {
	int is_initialized;
	pthread_key_t key; /* keeps its number after deletion */
};

/* What the core needs of its host. The defaults are libc's. */
struct core_host {
	void *(*malloc)(size_t size); /* PyMem_RawMalloc in a Python process */
	void (*free)(void *block);
	int (*key_create)(pthread_key_t *key, void (*destructor)(void *));
	int (*key_delete)(pthread_key_t key);
};

extern struct core_host core_host;

enum tss_creation {
	TSS_CREATED,
	TSS_EXISTS, /* was initialised already: a success, nothing done */
	TSS_FAILED, /* no key left; the struct is untouched */
};

/* NULL when memory is out. `key` is garbage, as CPython leaves it. */
struct tss *core_tss_alloc(void);

/* NULL is allowed. Deletes the key, then gives the memory back. */
void core_tss_free(struct tss *tss);

/*
 * Safe against another thread that creates or deletes the same struct. When a key was made,
 * created (unless NULL) is told before any other thread can see it, with a lock held: it may not
 * come back to the core.
 */
typedef void core_created_fn(const struct tss *tss, void *context);
enum tss_creation core_tss_create(struct tss *tss, core_created_fn *created, void *context);

/* Does nothing on a struct that is not initialised. */
void core_tss_delete(struct tss *tss);

static inline int core_tss_is_created(const struct tss *tss)
{
	return tss->is_initialized;
}

/* Like CPython's these look at the key's number alone: 0 on success, -1 where pthreads refuses. */
static inline int core_tss_set(const struct tss *tss, void *value)
{
	return pthread_setspecific(tss->key, value) ? -1 : 0;
}

static inline void *core_tss_get(const struct tss *tss)
{
	return pthread_getspecific(tss->key);
}

/* The legacy integers. -1 when no key is left. */
int core_key_create(void);
void core_key_delete(int key);

static inline int core_key_set(int key, void *value)
{
	return pthread_setspecific((pthread_key_t)key, value) ? -1 : 0;
}

static inline void *core_key_get(int key)
{
	return pthread_getspecific((pthread_key_t)key);
}

static inline void core_key_delete_value(int key)
{
	pthread_setspecific((pthread_key_t)key, NULL);
}

/*
 * A key for the tool's own use, numbered `least` or above: low numbers matter, because a program
 * that uses a key it never created uses number 0, and must do so with us as without us.
 * 0 or an error number.
 */
int core_key_create_above(pthread_key_t least, pthread_key_t *key, void (*destructor)(void *));

/* Whether this number is a live pthread key, whoever made it. Keeps errno and the key's value. */
bool core_key_in_use(unsigned int key);

/*
 * Around fork: no other thread is in the middle of a creation while the process is copied. The
 * calling one may create and delete keys meanwhile.
 */
void core_before_fork(void);
void core_after_fork(void);

/* In the child of a fork without these two: the lock may be one of a thread that is not here. */
void core_after_unguarded_fork(void);

#endif
