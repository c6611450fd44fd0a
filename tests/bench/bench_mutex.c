/* SPDX-License-Identifier: MIT */
/*
 * Timing loops over PyMutex, as an extension of this interpreter has it: with the fast path of the
 * headers inlined, or calling the functions. bench.py loads this into an interpreter with and
 * without the tool and compares.
 *
 * The stable ABI has no PyMutex, so what is needed of it is declared here; the interpreter must be
 * 3.13 or later.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define THREADS_MAX 512
#define NS_PER_S 1e9

typedef struct {
	uint8_t bits;
} mutex_t;

extern void PyMutex_Lock(mutex_t *mutex);
extern void PyMutex_Unlock(mutex_t *mutex);

static double clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * NS_PER_S + (double)now.tv_nsec;
}

/* What cpython/lock.h does. */
static inline void lock_inlined(mutex_t *mutex)
{
	uint8_t unlocked = 0;

	if (!__atomic_compare_exchange_n(&mutex->bits, &unlocked, 1, 0, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST))
		PyMutex_Lock(mutex);
}

static inline void unlock_inlined(mutex_t *mutex)
{
	uint8_t locked = 1;

	if (!__atomic_compare_exchange_n(&mutex->bits, &locked, 0, 0, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST))
		PyMutex_Unlock(mutex);
}

/* Nanoseconds a pair, alone. */
static double time_pairs(mutex_t *mutex, long pairs)
{
	double start = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	for (long i = 0; i < pairs; i++) {
		lock_inlined(mutex);
		unlock_inlined(mutex);
	}
	return (clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / (double)pairs;
}

static PyObject *bench_pair(PyObject *self, PyObject *args)
{
	static mutex_t mutex;
	long pairs;

	(void)self;
	if (!PyArg_ParseTuple(args, "l", &pairs))
		return NULL;
	return PyFloat_FromDouble(time_pairs(&mutex, pairs));
}

static void *lock_once(void *mutex)
{
	PyMutex_Lock(mutex);
	PyMutex_Unlock(mutex);
	return NULL;
}

/* Lets a thread wait for it. */
static int contend(mutex_t *mutex)
{
	struct timespec moment = {0, 1000000};
	pthread_t thread;

	PyMutex_Lock(mutex);
	if (pthread_create(&thread, NULL, lock_once, mutex) != 0) {
		PyMutex_Unlock(mutex);
		return -1;
	}
	while (!(__atomic_load_n(&mutex->bits, __ATOMIC_RELAXED) & 2))
		nanosleep(&moment, NULL);
	PyMutex_Unlock(mutex);
	pthread_join(thread, NULL);
	return 0;
}

static PyObject *bench_pair_once_contended(PyObject *self, PyObject *args)
{
	static mutex_t mutex;
	static int contended; /* the tool lets the first time pass */
	long pairs;

	(void)self;
	if (!PyArg_ParseTuple(args, "l", &pairs))
		return NULL;
	if (!contended && (contend(&mutex) != 0 || contend(&mutex) != 0)) {
		PyErr_SetString(PyExc_RuntimeError, "a thread could not be started");
		return NULL;
	}
	contended = 1;
	return PyFloat_FromDouble(time_pairs(&mutex, pairs));
}

struct contest {
	mutex_t mutex;
	long section, gap; /* steps of work with and without the mutex */
	int stop;
	pthread_barrier_t start;
};

struct contestant {
	pthread_t thread;
	struct contest *contest;
	long turns;
} __attribute__((aligned(64)));

static void work(long steps)
{
	volatile long value = 0;

	for (long i = 0; i < steps; i++)
		value = value + i;
}

static void *compete(void *argument)
{
	struct contestant *own = argument;
	struct contest *contest = own->contest;
	long turns = 0;

	pthread_barrier_wait(&contest->start);
	while (!__atomic_load_n(&contest->stop, __ATOMIC_RELAXED)) {
		lock_inlined(&contest->mutex);
		work(contest->section);
		unlock_inlined(&contest->mutex);
		work(contest->gap);
		turns++;
	}
	own->turns = turns;
	return NULL;
}

/* Turns a second of all threads together, or -1 where one cannot be started. */
static double run_contest(struct contest *contest, struct contestant *all, int count, long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};
	double start;
	long turns = 0;

	pthread_barrier_init(&contest->start, NULL, (unsigned int)count + 1);
	for (int i = 0; i < count; i++) {
		all[i].contest = contest;
		if (pthread_create(&all[i].thread, NULL, compete, &all[i]) != 0)
			return -1; /* those at the barrier stay there: the caller gives up */
	}
	pthread_barrier_wait(&contest->start);
	start = clock_ns(CLOCK_MONOTONIC);
	nanosleep(&time, NULL);
	__atomic_store_n(&contest->stop, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < count; i++) {
		pthread_join(all[i].thread, NULL);
		turns += all[i].turns;
	}
	pthread_barrier_destroy(&contest->start);
	return (double)turns / (clock_ns(CLOCK_MONOTONIC) - start) * NS_PER_S;
}

static PyObject *bench_contest(PyObject *self, PyObject *args)
{
	/* Static: threads that could not be stopped may still look at it. */
	static struct contestant contestants[THREADS_MAX];
	static struct contest contest;
	double turns;
	long ms;
	int count;

	(void)self;
	contest = (struct contest){0};
	if (!PyArg_ParseTuple(args, "illl", &count, &ms, &contest.section, &contest.gap))
		return NULL;
	if (count < 1 || count > THREADS_MAX)
		return PyErr_Format(PyExc_ValueError, "1 to %d threads", THREADS_MAX);
	Py_BEGIN_ALLOW_THREADS;
	turns = run_contest(&contest, contestants, count, ms);
	Py_END_ALLOW_THREADS;
	if (turns < 0)
		return PyErr_Format(PyExc_RuntimeError, "a thread could not be started");
	return PyFloat_FromDouble(turns);
}

/* Nanoseconds a pair, called, over so many mutexes in turn. */
static PyObject *bench_many(PyObject *self, PyObject *args)
{
	mutex_t *mutexes;
	double start, elapsed;
	long count, pairs;

	(void)self;
	if (!PyArg_ParseTuple(args, "ll", &count, &pairs))
		return NULL;
	mutexes = calloc((size_t)count, sizeof(*mutexes));
	if (!mutexes)
		return PyErr_NoMemory();
	for (long i = 0; i < count; i++) { /* known from now on */
		PyMutex_Lock(&mutexes[i]);
		PyMutex_Unlock(&mutexes[i]);
	}
	start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	for (long i = 0; i < pairs; i++) {
		PyMutex_Lock(&mutexes[i % count]);
		PyMutex_Unlock(&mutexes[i % count]);
	}
	elapsed = clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
	free(mutexes);
	return PyFloat_FromDouble(elapsed / (double)pairs);
}

struct caller {
	pthread_t thread;
	pthread_barrier_t *start;
	mutex_t mutex;
	long pairs;
	double ns;
} __attribute__((aligned(64)));

static void *call_pairs(void *argument)
{
	struct caller *own = argument;
	double start;

	PyMutex_Lock(&own->mutex);
	PyMutex_Unlock(&own->mutex);
	pthread_barrier_wait(own->start);
	start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	for (long i = 0; i < own->pairs; i++) {
		PyMutex_Lock(&own->mutex);
		PyMutex_Unlock(&own->mutex);
	}
	own->ns = (clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / (double)own->pairs;
	return NULL;
}

/* Nanoseconds a pair, called, by so many threads at once on a mutex of each one's own: the mean. */
static PyObject *bench_threads(PyObject *self, PyObject *args)
{
	static struct caller callers[THREADS_MAX];
	pthread_barrier_t start;
	double ns = 0;
	long pairs;
	int count;

	(void)self;
	if (!PyArg_ParseTuple(args, "il", &count, &pairs))
		return NULL;
	if (count < 1 || count > THREADS_MAX)
		return PyErr_Format(PyExc_ValueError, "1 to %d threads", THREADS_MAX);
	pthread_barrier_init(&start, NULL, (unsigned int)count);
	Py_BEGIN_ALLOW_THREADS;
	for (int i = 0; i < count; i++) {
		callers[i] = (struct caller){.start = &start, .pairs = pairs};
		if (pthread_create(&callers[i].thread, NULL, call_pairs, &callers[i]) != 0)
			abort(); /* the others wait for it at the barrier */
	}
	for (int i = 0; i < count; i++) {
		pthread_join(callers[i].thread, NULL);
		ns += callers[i].ns;
	}
	Py_END_ALLOW_THREADS;
	pthread_barrier_destroy(&start);
	return PyFloat_FromDouble(ns / count);
}

static PyMethodDef methods[] = {
	{"pair", bench_pair, METH_VARARGS, "pair(pairs)"},
	{"pair_once_contended", bench_pair_once_contended, METH_VARARGS,
	 "pair_once_contended(pairs)"},
	{"contest", bench_contest, METH_VARARGS, "contest(threads, ms, section, gap)"},
	{"many", bench_many, METH_VARARGS, "many(mutexes, pairs)"},
	{"threads", bench_threads, METH_VARARGS, "threads(threads, pairs)"},
	{NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
	.m_base = PyModuleDef_HEAD_INIT,
	.m_name = "bench_mutex",
	.m_size = -1,
	.m_methods = methods,
};

PyMODINIT_FUNC PyInit_bench_mutex(void);

PyMODINIT_FUNC PyInit_bench_mutex(void)
{
	return PyModule_Create(&module);
}
