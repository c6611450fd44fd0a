/* SPDX-License-Identifier: MIT */
/*
 * Loops over bare LTTng tracepoints, for bench_events.py to hold the tool's events against. The
 * functions return nanoseconds of processor time per call, as a float: one event of get, three of
 * mutex.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <time.h>

#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "bench_bare_tp.h"

static double clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void loop_get(long calls)
{
	volatile int thing = 0;

	for (long i = 0; i < calls; i++)
		lttng_ust_tracepoint(pythread_bench, tss_get, (uintptr_t)&thing, 3, (uint64_t)i,
				     (uintptr_t)loop_get);
}

static void loop_mutex(long calls)
{
	volatile int thing = 0;

	for (long i = 0; i < calls; i++) {
		lttng_ust_tracepoint(pythread_bench, mutex_lock_req, (uintptr_t)&thing,
				     (uintptr_t)loop_mutex);
		lttng_ust_tracepoint(pythread_bench, mutex_lock_acq, (uintptr_t)&thing,
				     (uintptr_t)loop_mutex, (uint64_t *)NULL, 0);
		lttng_ust_tracepoint(pythread_bench, mutex_unlock, (uintptr_t)&thing, 0,
				     (uintptr_t)loop_mutex);
	}
}

static PyObject *time_of(void (*loop)(long calls), PyObject *args)
{
	double start;
	long calls;

	if (!PyArg_ParseTuple(args, "l", &calls))
		return NULL;
	start = clock_ns();
	loop(calls);
	return PyFloat_FromDouble((clock_ns() - start) / (double)calls);
}

static PyObject *python_get(PyObject *self, PyObject *args)
{
	(void)self;
	return time_of(loop_get, args);
}

static PyObject *python_mutex(PyObject *self, PyObject *args)
{
	(void)self;
	return time_of(loop_mutex, args);
}

static PyMethodDef methods[] = {
	{"get", python_get, METH_VARARGS, NULL},
	{"mutex", python_mutex, METH_VARARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
	.m_base = PyModuleDef_HEAD_INIT,
	.m_name = "bench_bare",
	.m_size = -1,
	.m_methods = methods,
};

PyMODINIT_FUNC PyInit_bench_bare(void);

PyMODINIT_FUNC PyInit_bench_bare(void)
{
	return PyModule_Create(&module);
}
