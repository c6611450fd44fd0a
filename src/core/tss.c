/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "core/core.h"

#include <time.h>

/*
 * How long a creation waits for another one before it does without the lock. It never comes where
 * a signal handler creates a key in the midst of the host's own work, which the other one waits
 * for.
 */
#define PATIENCE_NS (100 * NS_PER_MS)

/*
 * CPython's create is a plain check and store, so two threads that create one struct lose a key.
 * Creation and deletion are rare: one lock for all structs makes them safe.
 */
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;

/*
 * The lock is this thread's already: it forks (and runs the program's fork handlers), or a signal
 * handler interrupted it. Then the bare operation is done, as CPython does it. volatile: read by a
 * signal handler of the thread that writes it.
 */
static __thread volatile bool holding __attribute__((tls_model("initial-exec")));
static __thread bool forking __attribute__((tls_model("initial-exec")));

static bool wait_for_lock(void)
{
	struct timespec until;

	if (pthread_mutex_trylock(&creation) == 0)
		return true;
	/* Not the monotonic clock: ThreadSanitizer does not know the function that takes it. */
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += PATIENCE_NS;
	until.tv_sec += until.tv_nsec / NS_PER_S;
	until.tv_nsec %= NS_PER_S;
	return pthread_mutex_timedlock(&creation, &until) == 0;
}

/* Whether the lock was taken, and must be given back. */
static bool lock_creation(void)
{
	if (holding)
		return false;
	holding = true;
	holding = wait_for_lock();
	return holding;
}

static void unlock_creation(bool locked)
{
	if (!locked)
		return;
	pthread_mutex_unlock(&creation);
	holding = false;
}

struct tss *core_tss_alloc(void)
{
	struct tss *tss = core_host.malloc(sizeof(*tss));

	if (tss)
		tss->is_initialized = 0;
	return tss;
}

void core_tss_free(struct tss *tss)
{
	if (!tss)
		return;
	core_tss_delete(tss);
	core_host.free(tss);
}

static enum tss_creation create_locked(struct tss *tss, core_created_fn *created, void *context)
{
	pthread_key_t key;

	if (tss->is_initialized)
		return TSS_EXISTS;
	if (core_host.key_create(&key, NULL))
		return TSS_FAILED;
	tss->key = key;
	if (created)
		created(tss, context);
	/* Whoever sees the flag without a lock must see the number too. */
	__atomic_store_n(&tss->is_initialized, 1, __ATOMIC_RELEASE);
	return TSS_CREATED;
}

enum tss_creation core_tss_create(struct tss *tss, core_created_fn *created, void *context)
{
	enum tss_creation result;
	bool locked;

	if (__atomic_load_n(&tss->is_initialized, __ATOMIC_ACQUIRE))
		return TSS_EXISTS;
	locked = lock_creation();
	result = create_locked(tss, created, context);
	unlock_creation(locked);
	return result;
}

void core_tss_delete(struct tss *tss)
{
	bool locked;

	if (!__atomic_load_n(&tss->is_initialized, __ATOMIC_ACQUIRE))
		return;
	locked = lock_creation();
	if (tss->is_initialized) {
		core_host.key_delete(tss->key);
		__atomic_store_n(&tss->is_initialized, 0, __ATOMIC_RELEASE);
	}
	unlock_creation(locked);
}

void core_before_fork(void)
{
	forking = lock_creation();
}

void core_after_fork(void)
{
	unlock_creation(forking);
	forking = false;
}

/* Of this kind, an unlock by the one that took it before, in the interrupted work, does nothing. */
void core_after_unguarded_fork(void)
{
	creation = (pthread_mutex_t)PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
}
