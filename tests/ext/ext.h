/* SPDX-License-Identifier: MIT */
/*
 * What every extension of the tests shares. They are built once, for the stable ABI of 3.9, and
 * loaded in every interpreter that is found; for a free-threaded one, which has another ABI, they
 * are built again.
 *
 * A comment such as "HERE run" or "CREATED create" at the end of a line tells the end-to-end tests
 * that a report must show this line, in this function, reached through the Python function of that
 * name. CLEAN marks the repair: the same source builds the buggy extension and its clean twin.
 */
#ifndef PYTHREAD_TRACE_TESTS_EXT_H
#define PYTHREAD_TRACE_TESTS_EXT_H

#include <Python.h>
#include <pthread.h>

#ifdef Py_LIMITED_API
/* The limited API hides the layout, which has been the same since 3.7. */
struct _Py_tss_t {
	int _is_initialized;
	pthread_key_t _key;
};
#endif
#ifndef Py_tss_NEEDS_INIT
/* clang-format off */
#define Py_tss_NEEDS_INIT {0}
/* clang-format on */
#endif

#define NOINLINE __attribute__((noinline))

/* A C function without arguments and its Python function of the same name. */
#define STEP(name)                                                                                 \
	static void name(void);                                                                    \
	static PyObject *python_##name(PyObject *self, PyObject *args)                             \
	{                                                                                          \
		(void)self;                                                                        \
		(void)args;                                                                        \
		name();                                                                            \
		Py_RETURN_NONE;                                                                    \
	}                                                                                          \
	NOINLINE static void name(void)

/* clang-format off */
#define METHOD(name) {#name, python_##name, METH_NOARGS, NULL}
/* clang-format on */

#define INIT_OF(name) PyInit_##name
#define INIT(name) INIT_OF(name)
#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

/*
 * In several phases, so that subinterpreters may have it too; a source may define MODULE_SLOTS
 * before. EXT_NAME comes from the Makefile: the file's name up to the first dot.
 */
#ifndef MODULE_SLOTS
#define MODULE_SLOTS
#endif

/* Without this a free-threaded interpreter would turn its GIL on, and say so. */
#ifdef Py_GIL_DISABLED
#define GIL_SLOT {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#else
#define GIL_SLOT
#endif

#define MODULE(...)                                                                                \
	static PyMethodDef methods[] = {__VA_ARGS__, {NULL, NULL, 0, NULL}};                       \
	static PyModuleDef_Slot slots[] = {MODULE_SLOTS GIL_SLOT{0, NULL}};                        \
	static struct PyModuleDef module = {                                                       \
		PyModuleDef_HEAD_INIT, TEXT(EXT_NAME), NULL, 0, methods, slots, NULL, NULL, NULL}; \
	PyMODINIT_FUNC INIT(EXT_NAME)(void);                                                       \
	PyMODINIT_FUNC INIT(EXT_NAME)(void)                                                        \
	{                                                                                          \
		return PyModuleDef_Init(&module);                                                  \
	}

#endif
