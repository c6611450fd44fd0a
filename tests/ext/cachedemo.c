/* SPDX-License-Identifier: MIT */
/*
 * A cache of one object a thread, as extensions have them. It forgets to create its key, and
 * nothing tells: PyThread_tss_set says success. In truth it writes over whatever has key number 0:
 * the interpreter's thread state up to Python 3.12, the allocator's heap from 3.13 on.
 */
#include "ext.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;

NOINLINE static int cache_store(PyObject *object)
{
	return PyThread_tss_set(&cache_key, object); /* HERE remember */
}

NOINLINE static PyObject *cache_load(void)
{
	return (PyObject *)PyThread_tss_get(&cache_key);
}

static PyObject *python_remember(PyObject *self, PyObject *object)
{
	(void)self;
	if (cache_store(object) != 0)
		return PyErr_NoMemory();
	Py_INCREF(object);
	Py_RETURN_NONE;
}

static PyObject *python_recall(PyObject *self, PyObject *args)
{
	PyObject *object = cache_load();

	(void)self;
	(void)args;
	if (!object)
		object = Py_None;
	Py_INCREF(object);
	return object;
}

static int prepare(PyObject *self)
{
	(void)self;
#ifdef CLEAN
	if (PyThread_tss_create(&cache_key) != 0) {
		PyErr_NoMemory();
		return -1;
	}
#endif
	return 0;
}

#undef MODULE_SLOTS
#define MODULE_SLOTS {Py_mod_exec, (void *)prepare},

MODULE({"remember", python_remember, METH_O, NULL}, METHOD(recall))
