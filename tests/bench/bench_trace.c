/* SPDX-License-Identifier: MIT */
/*
 * What is recorded, for bench_events.py: pairs of lock and unlock that are calls, each three
 * events, and a program that does other work half of its time.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>

#define THREADS_MAX 64
#define BURST 1000

/* The stable ABI has no PyMutex, and interpreters before 3.13 have none at all. */
#define WEAK(symbol) __asm__(#symbol) __attribute__((weak))
void mutex_lock(uint8_t *mutex) WEAK(PyMutex_Lock);
void mutex_unlock(uint8_t *mutex) WEAK(PyMutex_Unlock);

static double clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* pairs(calls): nanoseconds of processor time for each lock and unlock. */
static PyObject *python_pairs(PyObject *self, PyObject *args)
{
	uint8_t mutex = 0;
	double start;
	long calls;

	(void)self;
	if (!PyArg_ParseTuple(args, "l", &calls))
		return NULL;
	start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	for (long i = 0; i < calls; i++) {
		mutex_lock(&mutex);
		mutex_unlock(&mutex);
	}
	return PyFloat_FromDouble((clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / (double)calls);
}

struct work {
	Py_tss_t *key;
	long calls;
};

/* Calls for a while, then something else for as long. */
static void *work_half(void *argument)
{
	const struct work *work = argument;

	for (long i = 0; i < work->calls; i += BURST) {
		double start = clock_ns(CLOCK_MONOTONIC), end;

		for (int call = 0; call < BURST; call++)
			PyThread_tss_get(work->key);
		end = clock_ns(CLOCK_MONOTONIC);
		while (clock_ns(CLOCK_MONOTONIC) < end + (end - start))
			;
	}
	return NULL;
}

/* half(threads, calls): seconds; so many calls of PyThread_tss_get by each thread. */
static PyObject *python_half(PyObject *self, PyObject *args)
{
	pthread_t threads[THREADS_MAX];
	unsigned int count, started;
	PyThreadState *state;
	struct work work;
	double start;

	(void)self;
	if (!PyArg_ParseTuple(args, "Il", &count, &work.calls) || count > THREADS_MAX)
		return NULL;
	work.key = PyThread_tss_alloc();
	if (!work.key || PyThread_tss_create(work.key) != 0)
		return PyErr_NoMemory();
	state = PyEval_SaveThread();
	start = clock_ns(CLOCK_MONOTONIC);
	for (started = 0; started < count; started++)
		if (pthread_create(&threads[started], NULL, work_half, &work) != 0)
			break;
	while (started > 0)
		pthread_join(threads[--started], NULL);
	PyEval_RestoreThread(state);
	PyThread_tss_free(work.key);
	return PyFloat_FromDouble((clock_ns(CLOCK_MONOTONIC) - start) / 1e9);
}

static PyMethodDef methods[] = {
	{"pairs", python_pairs, METH_VARARGS, NULL},
	{"half", python_half, METH_VARARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
	.m_base = PyModuleDef_HEAD_INIT,
	.m_name = "bench_trace",
	.m_size = -1,
	.m_methods = methods,
};

PyMODINIT_FUNC PyInit_bench_trace(void);

PyMODINIT_FUNC PyInit_bench_trace(void)
{
	return PyModule_Create(&module);
}
