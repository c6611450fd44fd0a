/* SPDX-License-Identifier: MIT */
#include "hook/mutex_host.h"

#include "hook/mutex_caller.h"
#include "hook/runtime.h"
#include "hook/state.h"
#include "hook/thread.h"
#include "model/keys.h"
#include "stack/python.h"

#define WAITERS_MOST 4096

struct mutex_originals mutex_originals;
bool mutex_host_is_ours = true;
bool mutex_host_is_everyday = true;

/* CPython's internal parking lot, exported from 3.13 on (Include/internal/pycore_parking_lot.h). */
typedef void unpark_fn(void *context, void *waiter, int more_waiters);

static struct {
	void *(*current_state)(void); /* PyThreadState_GetUnchecked: NULL when detached */
	void *(*save)(void);
	void (*restore)(void *state);
	void (*unpark)(const void *address, unpark_fn *unpark, void *context);
} interpreter;

static void *detach(void)
{
	return interpreter.current_state() ? interpreter.save() : NULL;
}

/*
 * Taking the GIL back is no wait for the mutex. It may be the end of this thread, too: while the
 * interpreter is finalised it never returns.
 */
static void attach(void *state)
{
	struct thread *thread = thread_current;
	struct mutex_record *waiting_for = thread ? mutexes_wait_pause(&thread->mutexes) : NULL;

	interpreter.restore(state);
	if (waiting_for)
		mutexes_wait_resume(&thread->mutexes, waiting_for);
}

struct unlocking {
	struct mutex *mutex;
	uint8_t rest;
};

/* Under the lot's lock. The waiter that is woken, if any, looks at the byte for itself. */
static void store_rest(void *context, void *waiter, int more_waiters)
{
	const struct unlocking *unlocking = context;
	uint8_t more = waiter && more_waiters ? MUTEX_PARKED : 0;

	__atomic_store_n(&unlocking->mutex->bits, unlocking->rest | more, __ATOMIC_SEQ_CST);
}

static void unlock_in_lot(struct mutex *mutex, uint8_t rest)
{
	struct unlocking unlocking = {mutex, rest};

	interpreter.unpark(&mutex->bits, store_rest, &unlocking);
}

static void note_more(void *context, void *waiter, int more_waiters)
{
	*(bool *)context = waiter && more_waiters;
}

/* All, as core_mutex_wake() does. Some may come back meanwhile: not for ever. */
void mutex_host_wake_other(const struct mutex *mutex)
{
	bool more = interpreter.unpark != NULL;

	for (unsigned int i = 0; more && i < WAITERS_MOST; i++)
		interpreter.unpark(&mutex->bits, note_more, &more);
}

/* In these builds nothing but the exported functions works on an extension's mutex. */
static bool is_exact(void)
{
	return mutex_host.detach == detach && !python_free_threaded() && keys_host.complete;
}

/* A data pointer and a function pointer are the same on every Linux; C cannot say so. */
#define LOOK_UP(member, name) (*(void **)&(member) = runtime_symbol(name))

void mutex_host_judge_everyday(void)
{
	mutex_host_is_everyday = mutex_host_is_ours && !process.muted &&
				 !process.options.watchdog_ms && !process.options.long_hold_ns;
}

void mutex_host_adopt(void)
{
	LOOK_UP(mutex_originals.lock, "PyMutex_Lock");
	LOOK_UP(mutex_originals.unlock, "PyMutex_Unlock");
	LOOK_UP(mutex_originals.lock_timed, "_PyMutex_LockTimed");
	LOOK_UP(interpreter.current_state, "PyThreadState_GetUnchecked");
	LOOK_UP(interpreter.save, "PyEval_SaveThread");
	LOOK_UP(interpreter.restore, "PyEval_RestoreThread");
	LOOK_UP(interpreter.unpark, "_PyParkingLot_Unpark");
	if (!mutex_originals.lock || !mutex_originals.unlock)
		return;
	mutex_host.not_locked = mutex_originals.unlock; /* ends in its fatal error */
	if (interpreter.unpark)
		mutex_host.unlock_other = unlock_in_lot;
	if (interpreter.current_state && interpreter.save && interpreter.restore) {
		mutex_host.detach = detach;
		mutex_host.attach = attach;
	}
	mutex_host_is_ours =
		interpreter.unpark && (process.options.mutex == MUTEX_MODE_OWN ||
				       (process.options.mutex == MUTEX_MODE_AUTO && is_exact()));
	mutex_host_judge_everyday();
	mutex_caller_forget();
}
