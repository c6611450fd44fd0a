/* SPDX-License-Identifier: MIT */
/* PyMutex_*, as the program sees them. */
#include "hook/observe_mutex.h"
#include "hook/thread.h"

#define CALLER __builtin_return_address(0)

void PyMutex_Lock(struct mutex *mutex)
{
	observe_mutex_lock(mutex, CALLER);
}

void PyMutex_Unlock(struct mutex *mutex)
{
	observe_mutex_unlock(mutex, CALLER);
}

int PyMutex_IsLocked(struct mutex *mutex)
{
	count_any_call(FUNCTION_PyMutex_IsLocked, CALLER);
	return core_mutex_is_locked(mutex);
}

int _PyMutex_LockTimed(struct mutex *mutex, int64_t timeout, int flags)
{
	count_any_call(FUNCTION__PyMutex_LockTimed, CALLER);
	return observe_mutex_lock_timed(mutex, timeout, flags, CALLER);
}
