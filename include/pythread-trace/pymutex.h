/* SPDX-License-Identifier: MIT */
/*
 * Makes every use of a PyMutex visible to pythread-trace, in an extension that one can rebuild.
 * CPython's headers replace PyMutex_Lock, PyMutex_Unlock and PyMutex_IsLocked by inline code that
 * calls a function only where there is contention. Forced in front of every source,
 *
 *	CFLAGS="-include pythread-trace/pymutex.h" CXXFLAGS="$CFLAGS" pip install --no-binary ...
 *
 * this header keeps them what they are declared as: functions. Nothing else changes, the object
 * runs with and without the tool. See libpythread-trace(3).
 *
 * It works by being CPython's own header (cpython/lock.h, cpython/pylock.h from 3.15): it says what
 * that says, but for the inline code, and then takes its include guard. It includes nothing but
 * CPython's version, so the source may still define PY_SSIZE_T_CLEAN, Py_LIMITED_API, _GNU_SOURCE
 * and the like. Before 3.13, under the limited API and where there is no Python at all, it does
 * nothing.
 *
 * Rebuild all of an extension: a note in the object file tells the tool that none of it is inlined.
 */
#ifndef PYTHREAD_TRACE_PYMUTEX_H
#define PYTHREAD_TRACE_PYMUTEX_H

#if !defined(__ASSEMBLER__) && !defined(Py_LIMITED_API) && defined(__has_include)
#if __has_include(<patchlevel.h>)
#include <patchlevel.h>
#endif
#endif

#if defined(PY_VERSION_HEX)
#if PY_VERSION_HEX >= 0x030d0000

#if PY_VERSION_HEX >= 0x03100000
#error "pythread-trace/pymutex.h knows the PyMutex of CPython 3.13 to 3.15 only"
#elif defined(Py_LOCK_H)
#error "pythread-trace/pymutex.h must come before Python.h: give it to the compiler with -include"
#endif

#define Py_LOCK_H
#define _Py_UNLOCKED 0
#define _Py_LOCKED 1

#ifdef __cplusplus
extern "C" {
#endif

typedef struct PyMutex {
	__UINT8_TYPE__ _bits;
} PyMutex;

__attribute__((visibility("default"))) void PyMutex_Lock(PyMutex *m);
__attribute__((visibility("default"))) void PyMutex_Unlock(PyMutex *m);
#define _PyMutex_Lock PyMutex_Lock
#define _PyMutex_Unlock PyMutex_Unlock
#if PY_VERSION_HEX >= 0x030e0000
__attribute__((visibility("default"))) int PyMutex_IsLocked(PyMutex *m);
#define _PyMutex_IsLocked PyMutex_IsLocked
#endif

#ifdef __cplusplus
}
#endif

/* An ELF note: the sizes of its name and of what it says more (nothing), its type, its name. */
__asm__(".pushsection .note.pythread-trace,\"a\",%note\n"
	"\t.balign 4\n"
	"\t.4byte 15, 0, 1\n"
	"\t.asciz \"pythread-trace\"\n"
	"\t.balign 4\n"
	"\t.popsection\n");

#endif
#endif

#endif
