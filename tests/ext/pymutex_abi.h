/* SPDX-License-Identifier: MIT */
/*
 * PyMutex for the tests' extensions, in two flavours. By default every operation is a call: under
 * the stable ABI, which has no PyMutex, by the declarations below; else because the Makefile forces
 * pythread-trace/pymutex.h. With MUTEX_INLINE the fast path is in the extension's own code: below,
 * or in the interpreter's headers.
 *
 * Extensions that include this load in CPython 3.13 and later only.
 */
#ifndef PYTHREAD_TRACE_TESTS_PYMUTEX_ABI_H
#define PYTHREAD_TRACE_TESTS_PYMUTEX_ABI_H

#include "ext.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define MUTEX_LOCKED 1
#define MUTEX_PARKED 2

#ifdef Py_LIMITED_API

typedef struct PyMutex {
	uint8_t _bits;
} PyMutex;

void PyMutex_Lock(PyMutex *mutex);
void PyMutex_Unlock(PyMutex *mutex);

#ifdef MUTEX_INLINE

static inline bool mutex_swap(PyMutex *mutex, uint8_t from, uint8_t to)
{
	return __atomic_compare_exchange_n(&mutex->_bits, &from, to, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

static inline void mutex_lock(PyMutex *mutex)
{
	if (!mutex_swap(mutex, 0, MUTEX_LOCKED))
		PyMutex_Lock(mutex);
}

static inline void mutex_unlock(PyMutex *mutex)
{
	if (!mutex_swap(mutex, MUTEX_LOCKED, 0))
		PyMutex_Unlock(mutex);
}

#define PyMutex_Lock mutex_lock
#define PyMutex_Unlock mutex_unlock

#endif
#endif

static inline uint8_t mutex_bits(const PyMutex *mutex)
{
	return __atomic_load_n(&mutex->_bits, __ATOMIC_SEQ_CST);
}

/* Somebody waits for it: nothing here keeps an unlocked mutex armed. */
static inline bool mutex_has_waiter(const PyMutex *mutex)
{
	return mutex_bits(mutex) == (MUTEX_LOCKED | MUTEX_PARKED);
}

/* A STEP that says whether somebody waits for this mutex. */
#define HAS_WAITER(name, mutex)                                                                    \
	static PyObject *python_##name(PyObject *self, PyObject *args)                             \
	{                                                                                          \
		(void)self;                                                                        \
		(void)args;                                                                        \
		return PyBool_FromLong(mutex_has_waiter(&(mutex)));                                \
	}

static inline void sleep_ns(int64_t ns)
{
	struct timespec rest = {ns / 1000000000, ns % 1000000000};

	while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
		;
}

static inline void sleep_ms(int64_t ms)
{
	sleep_ns(ms * 1000000);
}

/* Sleeps without the GIL, as an extension should. */
static inline void python_sleep_ms(int64_t ms)
{
	PyThreadState *state = PyEval_SaveThread();

	sleep_ms(ms);
	PyEval_RestoreThread(state);
}

/* Waits without the GIL until the count has grown so far. */
static inline void wait_for_count(const atomic_uint *count, unsigned int wanted)
{
	PyThreadState *state = PyEval_SaveThread();

	while (atomic_load(count) < wanted)
		sleep_ms(1);
	PyEval_RestoreThread(state);
}

#endif
