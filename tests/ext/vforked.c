/* SPDX-License-Identifier: MIT */
/* What a child of vfork() does with keys, in the memory of its parent, which waits. */
#include "ext.h"

#include <sys/wait.h>
#include <unistd.h>

#define STATUS 7

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

/* The child's status; it ends by itself, or as another program. */
static int run(int by_exec)
{
	int status = -1;
	pid_t child;

	PyThread_tss_create(&cache_key);
	PyThread_tss_set(&cache_key, &ours);
	child = vfork();
	if (child == 0) {
		use_keys();
		if (by_exec)
			execl("/bin/sh", "sh", "-c", "exit 7", (char *)NULL);
		_exit(STATUS);
	}
	while (waitpid(child, &status, 0) != child)
		;
	if (PyThread_tss_get(&cache_key) != &childs)
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
