/* SPDX-License-Identifier: MIT */
/* What a child of vfork() does with keys and mutexes, in the memory of its parent, which waits. */
#include "ext.h"

#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS 7

/* The stable ABI has no PyMutex, and interpreters before 3.13 have none at all. */
#define WEAK(symbol) __asm__(#symbol) __attribute__((weak))
void mutex_lock(uint8_t *mutex) WEAK(PyMutex_Lock);
void mutex_unlock(uint8_t *mutex) WEAK(PyMutex_Unlock);

static uint8_t first_mutex, second_mutex;
static Py_tss_t cache_key = Py_tss_NEEDS_INIT, never_created = Py_tss_NEEDS_INIT;
static int ours, childs;

static void use_keys(void)
{
	int created = PyThread_create_key();

	if (PyThread_tss_get(&cache_key) != &ours || PyThread_tss_set(&cache_key, &childs) != 0)
		_exit(STATUS + 1);
	PyThread_tss_get(&never_created);
	PyThread_set_key_value(created, &childs);
	PyThread_delete_key(created);
}

/* Whether both are free and can be taken, one in the other. */
static int use_mutexes(void)
{
	int good = first_mutex == 0 && second_mutex == 0;

	if (!mutex_lock)
		return 1;
	mutex_lock(&first_mutex);
	mutex_lock(&second_mutex);
	good = good && first_mutex == 1 && second_mutex == 1;
	mutex_unlock(&second_mutex);
	mutex_unlock(&first_mutex);
	return good && first_mutex == 0 && second_mutex == 0;
}

/* The child's status; it ends by itself, or as another program. */
static int run(int by_exec)
{
	int status = -1;
	pid_t child;

	PyThread_tss_create(&cache_key);
	PyThread_tss_set(&cache_key, &ours);
	if (!use_mutexes())
		return -3;
	child = vfork();
	if (child == 0) {
		use_keys();
		if (!use_mutexes())
			_exit(STATUS + 2);
		if (by_exec)
			execl("/bin/sh", "sh", "-c", "exit 7", (char *)NULL);
		_exit(STATUS);
	}
	while (waitpid(child, &status, 0) != child)
		;
	if (PyThread_tss_get(&cache_key) != &childs || !use_mutexes())
		status = -2;
	PyThread_tss_delete(&cache_key);
	return WIFEXITED(status) ? WEXITSTATUS(status) : status;
}

static PyObject *python_run(PyObject *self, PyObject *args)
{
	int by_exec;

	(void)self;
	return PyArg_ParseTuple(args, "i", &by_exec) ? PyLong_FromLong(run(by_exec)) : NULL;
}

MODULE({"run", python_run, METH_VARARGS, NULL})
