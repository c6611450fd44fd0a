/* SPDX-License-Identifier: MIT */
/*
 * A profiler's handler, which makes or deletes keys at its first signal, whatever that interrupts.
 * What it interrupts are mostly calls that make and delete another key.
 */
#include "ext.h"

#include <signal.h>
#include <sys/time.h>

#define ROUNDS 200

static Py_tss_t made = Py_tss_NEEDS_INIT, deleted = Py_tss_NEEDS_INIT;
static int legacy;
static volatile sig_atomic_t handled, failures;

static void handle(int number)
{
	(void)number;
	if (handled)
		return;
	failures += PyThread_tss_create(&made) != 0;
	legacy = PyThread_create_key();
	PyThread_tss_delete(&deleted);
	handled = 1;
}

static void be_interrupted(void)
{
	const struct itimerval once = {{0, 0}, {0, 200}};
	Py_tss_t other = Py_tss_NEEDS_INIT;

	handled = 0;
	setitimer(ITIMER_REAL, &once, NULL);
	while (!handled) {
		failures += PyThread_tss_create(&other) != 0;
		PyThread_tss_delete(&other);
	}
}

static void use_and_delete(void)
{
	failures += PyThread_tss_set(&made, &made) != 0 || PyThread_tss_get(&made) != &made;
	failures += PyThread_set_key_value(legacy, &made) != 0;
	failures += PyThread_get_key_value(legacy) != &made;
	failures += PyThread_tss_is_created(&deleted);
	PyThread_set_key_value(legacy, NULL);
	PyThread_tss_set(&made, NULL);
	PyThread_delete_key(legacy);
	PyThread_tss_delete(&made);
}

static PyObject *python_run(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	signal(SIGALRM, handle);
	for (int round = 0; round < ROUNDS; round++) {
		failures += PyThread_tss_create(&deleted) != 0;
		be_interrupted();
		use_and_delete();
	}
	return PyLong_FromLong(failures);
}

MODULE(METHOD(run))
