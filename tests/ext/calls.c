/* SPDX-License-Identifier: MIT */
/*
 * Every function at least once a run, rightly used; those of PyMutex where the interpreter has
 * them. Built several times, because a call can be bound in several ways: BY_DLSYM asks for the
 * address each time, BY_POINTER has it in a table of data; else the Makefile's flags decide (lazy,
 * eager, without PLT).
 */
#include "ext.h"

#include <dlfcn.h>
#include <stdint.h>

/*
 * Under names of our own, as the interpreter's headers may put macros in their place. Weak: an
 * older interpreter has none of them, and must not seem to have.
 */
#define WEAK(symbol) __asm__(#symbol) __attribute__((weak))
void mutex_lock(uint8_t *mutex) WEAK(PyMutex_Lock);
void mutex_unlock(uint8_t *mutex) WEAK(PyMutex_Unlock);
int mutex_is_locked(uint8_t *mutex) WEAK(PyMutex_IsLocked);
int mutex_lock_timed(uint8_t *mutex, int64_t ns, int flags) WEAK(_PyMutex_LockTimed);

#if defined(BY_DLSYM)
#define CALL_AS(function, symbol) ((__typeof__(&function))dlsym(RTLD_DEFAULT, #symbol))
#define CALL(function) CALL_AS(function, function)
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
POINTER(mutex_lock);
POINTER(mutex_unlock);
POINTER(mutex_is_locked);
POINTER(mutex_lock_timed);
#define CALL_AS(function, symbol) CALL(function)
#else
#define CALL(function) function
#define CALL_AS(function, symbol) function
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

#define LOCK CALL_AS(mutex_lock, PyMutex_Lock)
#define UNLOCK CALL_AS(mutex_unlock, PyMutex_Unlock)
#define IS_LOCKED CALL_AS(mutex_is_locked, PyMutex_IsLocked)
#define LOCK_TIMED CALL_AS(mutex_lock_timed, _PyMutex_LockTimed)

static void mutex(void)
{
	uint8_t mutex = 0;

	if (!LOCK)
		return;
	LOCK(&mutex);
	EXPECT(mutex == 1);
	if (IS_LOCKED)
		EXPECT(IS_LOCKED(&mutex) == 1);
	if (LOCK_TIMED)
		EXPECT(LOCK_TIMED(&mutex, 0, 0) == 0);
	UNLOCK(&mutex);
	EXPECT(mutex == 0);
}

static PyObject *python_run(PyObject *self, PyObject *args)
{
	(void)self;
	(void)args;
	tss();
	legacy();
	mutex();
	return PyLong_FromLong(failures);
}

MODULE(METHOD(run))
