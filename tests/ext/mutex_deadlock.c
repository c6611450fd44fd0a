/* SPDX-License-Identifier: MIT */
/*
 * Two threads that take the same two mutexes in different orders, at the worst moment. The second
 * closes the cycle, when the first waits already.
 */
#include "pymutex_abi.h"

static PyMutex cache_mutex, index_mutex;
static atomic_uint holders;

STEP(first)
{
	PyMutex_Lock(&cache_mutex); /* LOCKED first */
	atomic_fetch_add(&holders, 1);
	wait_for_count(&holders, 2);
	PyMutex_Lock(&index_mutex); /* OTHER first */
	PyMutex_Unlock(&index_mutex);
	PyMutex_Unlock(&cache_mutex);
}

#ifdef CLEAN

STEP(second)
{
	atomic_fetch_add(&holders, 1);
	wait_for_count(&holders, 2);
	PyMutex_Lock(&cache_mutex);
	PyMutex_Lock(&index_mutex);
	PyMutex_Unlock(&index_mutex);
	PyMutex_Unlock(&cache_mutex);
}

#else

static void wait_for_first(void)
{
	PyThreadState *state = PyEval_SaveThread();

	while (!mutex_has_waiter(&index_mutex))
		sleep_ms(1);
	sleep_ms(10);
	PyEval_RestoreThread(state);
}

STEP(second)
{
	PyMutex_Lock(&index_mutex); /* LOCKED second */
	atomic_fetch_add(&holders, 1);
	wait_for_count(&holders, 2);
	wait_for_first();
	PyMutex_Lock(&cache_mutex); /* HERE second */
	PyMutex_Unlock(&cache_mutex);
	PyMutex_Unlock(&index_mutex);
}

#endif

/* The same by a thread that has given the GIL away. */
STEP(second_without_gil)
{
	PyThreadState *state;

	PyMutex_Lock(&index_mutex);
	atomic_fetch_add(&holders, 1);
	wait_for_count(&holders, 2);
	state = PyEval_SaveThread();
	while (!mutex_has_waiter(&index_mutex))
		sleep_ms(1);
	PyMutex_Lock(&cache_mutex);
	PyMutex_Unlock(&cache_mutex);
	PyEval_RestoreThread(state);
	PyMutex_Unlock(&index_mutex);
}

static PyObject *python_stuck(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	return PyBool_FromLong(mutex_has_waiter(&cache_mutex) && mutex_has_waiter(&index_mutex));
}

MODULE(METHOD(first), METHOD(second), METHOD(second_without_gil), METHOD(stuck))
