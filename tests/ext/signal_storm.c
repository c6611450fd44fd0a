/* SPDX-License-Identifier: MIT */
/*
 * A signal again and again, by a timer whose period does not depend on the kernel's tick, as that
 * of setitimer(ITIMER_PROF) does. Each one is counted when the kernel delivers it, then goes to the
 * handler that was there, which is Python's: that one only takes note, so Python code runs for
 * fewer.
 */
#include "ext.h"

#include <signal.h>
#include <time.h>

static struct sigaction python_action;
static unsigned long delivered;
static timer_t timer;

static void count(int number)
{
	__atomic_add_fetch(&delivered, 1, __ATOMIC_RELAXED);
	python_action.sa_handler(number);
}

/* begin(number, period in nanoseconds, below 1 s) */
static PyObject *python_begin(PyObject *self, PyObject *args)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL};
	struct itimerspec often = {{0, 0}, {0, 0}};
	struct sigaction action;

	(void)self;
	if (!PyArg_ParseTuple(args, "il", &event.sigev_signo, &often.it_interval.tv_nsec))
		return NULL;
	often.it_value = often.it_interval;
	sigaction(event.sigev_signo, NULL, &python_action);
	action = python_action;
	action.sa_handler = count;
	sigaction(event.sigev_signo, &action, NULL);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
	    timer_settime(timer, 0, &often, NULL) != 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	Py_RETURN_NONE;
}

static PyObject *python_delivered(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	return PyLong_FromUnsignedLong(__atomic_load_n(&delivered, __ATOMIC_RELAXED));
}

STEP(end)
{
	timer_delete(timer);
}

MODULE({"begin", python_begin, METH_VARARGS, NULL}, METHOD(delivered), METHOD(end))
