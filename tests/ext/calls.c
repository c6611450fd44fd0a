/* SPDX-License-Identifier: MIT */
/*
 * Every function once a run, rightly used. Built several times, because a call can be bound in
 * several ways: BY_DLSYM asks for the address each time, BY_POINTER has it in a table of data;
 * else the Makefile's flags decide (lazy, eager, without PLT).
 */
#include "ext.h"

#include <dlfcn.h>

#if defined(BY_DLSYM)
#define CALL(function) ((__typeof__(&function))dlsym(RTLD_DEFAULT, #function))
#elif defined(BY_POINTER)
#define CALL(function) (pointer_to_##function)
#define POINTER(function) static __typeof__(&function) volatile pointer_to_##function = function
POINTER(PyThread_tss_alloc);
POINTER(PyThread_tss_free);
POINTER(PyThread_tss_is_created);
POINTER(PyThread_tss_create);
POINTER(PyThread_tss_delete);
POINTER(PyThread_tss_set);
POINTER(PyThread_tss_get);
POINTER(PyThread_create_key);
POINTER(PyThread_delete_key);
POINTER(PyThread_set_key_value);
POINTER(PyThread_get_key_value);
POINTER(PyThread_delete_key_value);
POINTER(PyThread_ReInitTLS);
#else
#define CALL(function) function
#endif

static int value, failures;

#define EXPECT(condition) (failures += !(condition))

static void tss(void)
{
	Py_tss_t *key = CALL(PyThread_tss_alloc)();

	EXPECT(key);
	EXPECT(CALL(PyThread_tss_create)(key) == 0);
	EXPECT(CALL(PyThread_tss_is_created)(key));
	EXPECT(CALL(PyThread_tss_set)(key, &value) == 0);
	EXPECT(CALL(PyThread_tss_get)(key) == &value);
	CALL(PyThread_tss_delete)(key);
	CALL(PyThread_tss_free)(key);
}

static void legacy(void)
{
	int key = CALL(PyThread_create_key)();

	EXPECT(key >= 0);
	EXPECT(CALL(PyThread_set_key_value)(key, &value) == 0);
	EXPECT(CALL(PyThread_get_key_value)(key) == &value);
	CALL(PyThread_delete_key_value)(key);
	CALL(PyThread_ReInitTLS)();
	CALL(PyThread_delete_key)(key);
}

static PyObject *python_run(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	tss();
	legacy();
	return PyLong_FromLong(failures);
}

MODULE(METHOD(run))
