/* SPDX-License-Identifier: MIT */
/*
 * PyMutex mixed with CPython's critical sections, which lock mutexes too, without a call that could
 * be seen: that of an object, or from 3.14 on any. In an interpreter with a GIL, and so under the
 * stable ABI, they do nothing.
 */
#include "pymutex_abi.h"

#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX >= 0x030e0000
#define WITH_MUTEX
#endif

static PyMutex shared_mutex;
static unsigned long count;

#ifdef Py_GIL_DISABLED
/* The mutex of an object, locked by its name: what the section locks in its own way. */
#define OBJECT_MUTEX(object) (&(object)->ob_mutex)
#define BEGIN(object) Py_BEGIN_CRITICAL_SECTION(object)
#define END() Py_END_CRITICAL_SECTION()
#else
#define OBJECT_MUTEX(object) ((void)(object), &shared_mutex)
#define BEGIN(object)                                                                              \
	{                                                                                          \
		PyMutex_Lock(OBJECT_MUTEX(object))
#define END()                                                                                      \
	PyMutex_Unlock(&shared_mutex);                                                             \
	}
#endif

/* mix(object, rounds): the calling thread, alternately in both ways. */
static PyObject *python_mix(PyObject *self, PyObject *args)
{
	unsigned long rounds;
	PyObject *object;

	(void)self;
	if (!PyArg_ParseTuple(args, "Ok", &object, &rounds))
		return NULL;
	for (unsigned long round = 0; round < rounds; round++) {
		BEGIN(object);
		count++;
		END();
		PyMutex_Lock(OBJECT_MUTEX(object));
		count++;
		PyMutex_Unlock(OBJECT_MUTEX(object));
#ifdef WITH_MUTEX
		Py_BEGIN_CRITICAL_SECTION_MUTEX(&shared_mutex);
		Py_END_CRITICAL_SECTION();
		PyMutex_Lock(&shared_mutex);
		PyMutex_Unlock(&shared_mutex);
#endif
	}
	Py_RETURN_NONE;
}

static PyObject *python_sum(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	return PyLong_FromUnsignedLong(count);
}

MODULE({"mix", python_mix, METH_VARARGS, NULL}, METHOD(sum))
