/* SPDX-License-Identifier: MIT */
/*
 * Correct and busy: threads that share mutexes in every way that is allowed. Built in both
 * flavours. What a mutex protects here is counted without atomics: a wrong sum means that it
 * failed.
 */
#include "pymutex_abi.h"

#include <stdlib.h>

#define THREADS_MAX 512

static PyMutex bench_mutex;

struct work {
	unsigned long rounds;
	long hold_ns;
	unsigned long count;
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void keep_busy(long ns)
{
	int64_t end = ns ? now_ns() + ns : 0;

	while (ns && now_ns() < end)
		;
}

/* Runs a function in that many threads, without the GIL. How many nanoseconds it took. */
static int64_t run_in_threads(unsigned int threads, void *(*function)(void *), void *argument)
{
	PyThreadState *state = PyEval_SaveThread();
	pthread_t thread[THREADS_MAX];
	int64_t start = now_ns();
	unsigned int started = 0;

	while (started < threads && started < THREADS_MAX &&
	       pthread_create(&thread[started], NULL, function, argument) == 0)
		started++;
	while (started > 0)
		pthread_join(thread[--started], NULL);
	PyEval_RestoreThread(state);
	return now_ns() - start;
}

static void *use_mutex(void *argument)
{
	struct work *work = argument;

	for (unsigned long round = 0; round < work->rounds; round++) {
		PyMutex_Lock(&bench_mutex);
		work->count++;
		keep_busy(work->hold_ns);
		PyMutex_Unlock(&bench_mutex);
	}
	return NULL;
}

/* contend(threads, hold_ns, rounds): the sum, and nanoseconds for all of it. */
static PyObject *python_contend(PyObject *self, PyObject *args)
{
	struct work work = {0};
	unsigned int threads;
	int64_t ns;

	(void)self;
	if (!PyArg_ParseTuple(args, "Ilk", &threads, &work.hold_ns, &work.rounds))
		return NULL;
	ns = run_in_threads(threads, use_mutex, &work);
	return Py_BuildValue("kL", work.count, (long long)ns);
}

/* loop(hold_ns, rounds): the same by the calling thread, which has the GIL. The sum. */
static PyObject *python_loop(PyObject *self, PyObject *args)
{
	struct work work = {0};

	(void)self;
	if (!PyArg_ParseTuple(args, "lk", &work.hold_ns, &work.rounds))
		return NULL;
	use_mutex(&work);
	return PyLong_FromUnsignedLong(work.count);
}

/* pairs(rounds): nanoseconds that it takes to lock and unlock a mutex that nobody else wants. */
static PyObject *python_pairs(PyObject *self, PyObject *args)
{
	unsigned long rounds;
	int64_t start;

	(void)self;
	if (!PyArg_ParseTuple(args, "k", &rounds) || !rounds)
		return NULL;
	start = now_ns();
	for (unsigned long round = 0; round < rounds; round++) {
		PyMutex_Lock(&bench_mutex);
		PyMutex_Unlock(&bench_mutex);
	}
	return PyFloat_FromDouble((double)(now_ns() - start) / (double)rounds);
}

/* many(mutexes, rounds): the same, each mutex in its turn. */
static PyObject *python_many(PyObject *self, PyObject *args)
{
	unsigned long mutexes, rounds;
	PyMutex *mutex;
	int64_t start;

	(void)self;
	if (!PyArg_ParseTuple(args, "kk", &mutexes, &rounds) || !mutexes || !rounds)
		return NULL;
	mutex = calloc(mutexes, sizeof(*mutex));
	if (!mutex)
		return PyErr_NoMemory();
	start = now_ns();
	for (unsigned long round = 0; round < rounds; round++) {
		PyMutex_Lock(&mutex[round % mutexes]);
		PyMutex_Unlock(&mutex[round % mutexes]);
	}
	start = now_ns() - start;
	free(mutex);
	return PyFloat_FromDouble((double)start / (double)rounds);
}

/* A mutex that goes away with what it protects, as soon as the last user has unlocked it. */
struct box {
	PyMutex mutex;
	unsigned int users;
};

#define BOX_USERS 2

static void *use_box(void *argument)
{
	struct box *box = argument;
	bool last;

	PyMutex_Lock(&box->mutex);
	last = --box->users == 0;
	PyMutex_Unlock(&box->mutex);
	if (last) {
		memset(box, 0xff, sizeof(*box));
		free(box);
	}
	return NULL;
}

/* heap(rounds) */
static PyObject *python_heap(PyObject *self, PyObject *args)
{
	unsigned long rounds;

	(void)self;
	if (!PyArg_ParseTuple(args, "k", &rounds))
		return NULL;
	while (rounds-- > 0) {
		struct box *box = calloc(1, sizeof(*box));

		if (!box)
			return PyErr_NoMemory();
		box->users = BOX_USERS;
		run_in_threads(BOX_USERS, use_box, box);
	}
	Py_RETURN_NONE;
}

static void *use_gil(void *argument)
{
	struct work *work = argument;

	for (unsigned long round = 0; round < work->rounds; round++) {
		PyGILState_STATE state = PyGILState_Ensure();

		PyMutex_Lock(&bench_mutex);
		work->count++;
		PyMutex_Unlock(&bench_mutex);
		PyGILState_Release(state);
	}
	return NULL;
}

/* gilstate(threads, rounds): threads that come and go as Python's. The sum. */
static PyObject *python_gilstate(PyObject *self, PyObject *args)
{
	struct work work = {0};
	unsigned int threads;

	(void)self;
	if (!PyArg_ParseTuple(args, "Ik", &threads, &work.rounds))
		return NULL;
	run_in_threads(threads, use_gil, &work);
	return PyLong_FromUnsignedLong(work.count);
}

/* Locked here, perhaps unlocked by another thread: that is allowed. */
STEP(lock)
{
	PyMutex_Lock(&bench_mutex); /* HERE lock */
}

STEP(unlock)
{
	PyMutex_Unlock(&bench_mutex);
}

/* clang-format off */
#define WITH_ARGUMENTS(name) {#name, python_##name, METH_VARARGS, NULL}
/* clang-format on */

MODULE(WITH_ARGUMENTS(contend), WITH_ARGUMENTS(loop), WITH_ARGUMENTS(pairs), WITH_ARGUMENTS(many),
       WITH_ARGUMENTS(heap), WITH_ARGUMENTS(gilstate), METHOD(lock), METHOD(unlock))
