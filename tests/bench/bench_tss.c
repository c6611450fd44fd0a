/* SPDX-License-Identifier: MIT */
/*
 * Timing loops over the thread-key functions, in C so that only they are measured. bench.py loads
 * this into an interpreter with and without the tool and compares.
 *
 * All functions return nanoseconds, as a float: processor time per call (tss_get, tss_set,
 * is_created, key_get, key_set) or per create+delete pair under a native stack of a given depth
 * (create_delete), or the wall time per call of one thread while N run (threads).
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define THREADS_MAX 64
#define FRAMES_MAX 64

/* What keys hold. */
static int value;

static double clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* A key that is created and holds a value, or NULL with an exception. */
static Py_tss_t *make_key(void)
{
	Py_tss_t *key = PyThread_tss_alloc();

	if (key && PyThread_tss_create(key) == 0 && PyThread_tss_set(key, &value) == 0)
		return key;
	PyThread_tss_free(key);
	PyErr_SetString(PyExc_RuntimeError, "no thread key to measure with");
	return NULL;
}

/*
 * Results go to volatile variables of the loop's own, so that no call can be dropped and no cache
 * line is shared.
 */
static void loop_get(Py_tss_t *key, long calls)
{
	void *volatile sink = NULL;

	for (long i = 0; i < calls; i++)
		sink = PyThread_tss_get(key);
	(void)sink;
}

static void loop_set(Py_tss_t *key, long calls)
{
	volatile int result = 0;

	for (long i = 0; i < calls; i++)
		result = PyThread_tss_set(key, &value);
	(void)result;
}

static void loop_is_created(Py_tss_t *key, long calls)
{
	volatile int result = 0;

	for (long i = 0; i < calls; i++)
		result = PyThread_tss_is_created(key);
	(void)result;
}

/* Half sets, half gets: what threads do to their keys. */
static void loop_mixed(Py_tss_t *key, long calls)
{
	void *volatile sink = NULL;
	volatile int result = 0;

	for (long i = 0; i < calls; i += 2) {
		result = PyThread_tss_set(key, &value);
		sink = PyThread_tss_get(key);
	}
	(void)sink;
	(void)result;
}

static PyObject *time_loop(PyObject *args, void (*loop)(Py_tss_t *, long))
{
	Py_tss_t *key;
	double start, end;
	long calls;

	if (!PyArg_ParseTuple(args, "l", &calls))
		return NULL;
	key = make_key();
	if (!key)
		return NULL;
	loop(key, calls / 10); /* warm */
	start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	loop(key, calls);
	end = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	PyThread_tss_free(key);
	return PyFloat_FromDouble((end - start) / (double)calls);
}

static PyObject *bench_get(PyObject *self, PyObject *args)
{
	(void)self;
	return time_loop(args, loop_get);
}

static PyObject *bench_set(PyObject *self, PyObject *args)
{
	(void)self;
	return time_loop(args, loop_set);
}

static PyObject *bench_is_created(PyObject *self, PyObject *args)
{
	(void)self;
	return time_loop(args, loop_is_created);
}

/* Legacy keys are deprecated since 3.7, and still used. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static void loop_key_get(int key, long calls)
{
	void *volatile sink = NULL;

	for (long i = 0; i < calls; i++)
		sink = PyThread_get_key_value(key);
	(void)sink;
}

static void loop_key_set(int key, long calls)
{
	volatile int result = 0;

	for (long i = 0; i < calls; i++)
		result = PyThread_set_key_value(key, &value);
	(void)result;
}

/* The same of a legacy key. */
static PyObject *time_key_loop(PyObject *args, void (*loop)(int, long))
{
	double start, end;
	long calls;
	int key;

	if (!PyArg_ParseTuple(args, "l", &calls))
		return NULL;
	key = PyThread_create_key();
	if (key < 0) {
		PyErr_SetString(PyExc_RuntimeError, "no thread key to measure with");
		return NULL;
	}
	PyThread_set_key_value(key, &value);
	loop(key, calls / 10); /* warm */
	start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	loop(key, calls);
	end = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	PyThread_delete_key(key);
	return PyFloat_FromDouble((end - start) / (double)calls);
}

static PyObject *bench_key_get(PyObject *self, PyObject *args)
{
	(void)self;
	return time_key_loop(args, loop_key_get);
}

static PyObject *bench_key_set(PyObject *self, PyObject *args)
{
	(void)self;
	return time_key_loop(args, loop_key_set);
}

/*
 * depth frames more, then the pairs. The result is used after the call, so that no frame
 * becomes a tail call.
 */
__attribute__((noinline)) static double nested_pairs(Py_tss_t *key, int depth, long pairs)
{
	volatile int result = 0;
	double elapsed;

	if (depth > 0) {
		elapsed = nested_pairs(key, depth - 1, pairs);
		result = depth;
		(void)result;
		return elapsed;
	}
	elapsed = -clock_ns(CLOCK_THREAD_CPUTIME_ID);
	for (long i = 0; i < pairs; i++) {
		result = PyThread_tss_create(key);
		PyThread_tss_delete(key);
	}
	return elapsed + clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static PyObject *bench_create_delete(PyObject *self, PyObject *args)
{
	void *frames[FRAMES_MAX];
	Py_tss_t *key;
	double elapsed;
	long pairs;
	int depth;

	(void)self;
	if (!PyArg_ParseTuple(args, "li", &pairs, &depth))
		return NULL;
	key = PyThread_tss_alloc();
	if (!key)
		return PyErr_NoMemory();
	depth -= backtrace(frames, FRAMES_MAX) + 1; /* the interpreter's and this one are there */
	nested_pairs(key, depth, pairs / 10);	    /* warm */
	elapsed = nested_pairs(key, depth, pairs);
	PyThread_tss_free(key);
	return PyFloat_FromDouble(elapsed / (double)pairs);
}

struct worker {
	pthread_t thread;
	pthread_barrier_t *start;
	Py_tss_t *key;
	long calls;
};

static void *run_worker(void *argument)
{
	struct worker *worker = argument;

	PyThread_tss_set(worker->key, worker);
	pthread_barrier_wait(worker->start);
	loop_mixed(worker->key, worker->calls);
	return NULL;
}

/* Starts all, lets them go at once, waits for all. Nanoseconds, or -1 if a thread cannot start. */
static double race(struct worker *workers, int count)
{
	pthread_barrier_t start;
	double elapsed;

	pthread_barrier_init(&start, NULL, (unsigned int)count + 1);
	for (int i = 0; i < count; i++) {
		workers[i].start = &start;
		if (pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) != 0)
			return -1; /* those at the barrier stay there: the caller gives up */
	}
	elapsed = -clock_ns(CLOCK_MONOTONIC);
	pthread_barrier_wait(&start);
	for (int i = 0; i < count; i++)
		pthread_join(workers[i].thread, NULL);
	elapsed += clock_ns(CLOCK_MONOTONIC);
	pthread_barrier_destroy(&start);
	return elapsed;
}

static PyObject *bench_threads(PyObject *self, PyObject *args)
{
	/* Static: a thread that could not be joined may still look at its own. */
	static struct worker workers[THREADS_MAX];
	double elapsed = -1;
	long calls;
	int count, made = 0;

	(void)self;
	if (!PyArg_ParseTuple(args, "li", &calls, &count))
		return NULL;
	if (count < 1 || count > THREADS_MAX)
		return PyErr_Format(PyExc_ValueError, "1 to %d threads", THREADS_MAX);
	for (; made < count; made++) {
		workers[made].calls = calls;
		workers[made].key = make_key();
		if (!workers[made].key)
			break;
	}
	if (made == count) {
		Py_BEGIN_ALLOW_THREADS;
		elapsed = race(workers, count);
		Py_END_ALLOW_THREADS;
	}
	while (made > 0)
		PyThread_tss_free(workers[--made].key);
	if (elapsed < 0) {
		if (!PyErr_Occurred())
			PyErr_SetString(PyExc_RuntimeError, "a thread could not be started");
		return NULL;
	}
	return PyFloat_FromDouble(elapsed / (double)calls);
}

/*
 * One small job of the kind that extensions do: find the thread's own buffer by its key, make it if
 * it is not there, and work on it. The workload of interpreters that have no real package for us.
 */
static PyObject *bench_checksum(PyObject *self, PyObject *args)
{
	static Py_tss_t *key;
	const unsigned char *data;
	Py_ssize_t length;
	uint32_t *sum, hash;

	(void)self;
	if (!PyArg_ParseTuple(args, "y#", &data, &length))
		return NULL;
	if (!key) {
		key = make_key();
		if (!key)
			return NULL;
		PyThread_tss_set(key, NULL);
	}
	sum = PyThread_tss_get(key);
	if (!sum) {
		sum = calloc(1, sizeof(*sum)); /* one a thread, for as long as the process lives */
		if (!sum || PyThread_tss_set(key, sum) != 0) {
			free(sum);
			return PyErr_NoMemory();
		}
	}
	hash = *sum ^ 2166136261U;
	for (Py_ssize_t i = 0; i < length; i++)
		hash = (hash ^ data[i]) * 16777619U;
	*sum = hash;
	return PyLong_FromUnsignedLong(hash);
}

static PyMethodDef methods[] = {
	{"tss_get", bench_get, METH_VARARGS, "tss_get(calls)"},
	{"tss_set", bench_set, METH_VARARGS, "tss_set(calls)"},
	{"is_created", bench_is_created, METH_VARARGS, "is_created(calls)"},
	{"key_get", bench_key_get, METH_VARARGS, "key_get(calls)"},
	{"key_set", bench_key_set, METH_VARARGS, "key_set(calls)"},
	{"create_delete", bench_create_delete, METH_VARARGS, "create_delete(pairs, depth)"},
	{"threads", bench_threads, METH_VARARGS, "threads(calls, count)"},
	{"checksum", bench_checksum, METH_VARARGS, "checksum(data)"},
	{NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
	.m_base = PyModuleDef_HEAD_INIT,
	.m_name = "bench_tss",
	.m_size = -1,
	.m_methods = methods,
};

PyMODINIT_FUNC PyInit_bench_tss(void);

PyMODINIT_FUNC PyInit_bench_tss(void)
{
	return PyModule_Create(&module);
}
