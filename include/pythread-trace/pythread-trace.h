/* SPDX-License-Identifier: MIT */
/*
 * Annotations for programs and extensions that pythread-trace watches: give objects names that
 * its reports show, and ask for a report at any time. See libpythread-trace(3).
 *
 * Include this and call; there is nothing to link. Where the tool is not at work each call costs
 * one test of an address and does nothing. PYTHREAD_TRACE_DISABLE, defined before the include,
 * removes even that.
 *
 *	static Py_tss_t cache_key = Py_tss_NEEDS_INIT;
 *
 *	pythread_trace_name(&cache_key, "per-thread cache");
 *
 * Every call is thread safe, needs no GIL, keeps errno, and may come before the interpreter is
 * initialised or after it is finalised; none may come from a signal handler.
 */
#ifndef PYTHREAD_TRACE_H
#define PYTHREAD_TRACE_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Weak, so that a program loads without the library; of default visibility, or a compiler told to
 * hide symbols would decide that there is no such function. The library itself defines
 * PYTHREAD_TRACE_BUILDING.
 */
#ifdef PYTHREAD_TRACE_BUILDING
#define PYTHREAD_TRACE_API __attribute__((visibility("default")))
#else
#define PYTHREAD_TRACE_API __attribute__((weak, visibility("default")))
#endif

/* Writes a report now, as at the end of the program, to where --output says. */
PYTHREAD_TRACE_API void pythread_trace_report(void);

/*
 * Gives the object at this address, a Py_tss_t or a PyMutex, the name that reports show. The text
 * is copied. A key may be named before it is created, a mutex before it is used. NULL, for either,
 * does nothing.
 */
PYTHREAD_TRACE_API void pythread_trace_name(const void *object, const char *name);

/* The same for a live key from PyThread_create_key(). */
PYTHREAD_TRACE_API void pythread_trace_name_key(int key, const char *name);

#ifdef __cplusplus
}
#endif

/*
 * A macro does not expand within itself, so each of these calls the function of its name, where
 * there is one. Write (pythread_trace_report)() to go past the test.
 */
#if defined(PYTHREAD_TRACE_DISABLE)
#define pythread_trace_report() ((void)0)
#define pythread_trace_name(object, name) ((void)(object), (void)(name))
#define pythread_trace_name_key(key, name) ((void)(key), (void)(name))
#elif !defined(PYTHREAD_TRACE_BUILDING)
#define pythread_trace_report() (pythread_trace_report ? pythread_trace_report() : (void)0)
#define pythread_trace_name(object, name)                                                          \
	(pythread_trace_name ? pythread_trace_name(object, name) : (void)0)
#define pythread_trace_name_key(key, name)                                                         \
	(pythread_trace_name_key ? pythread_trace_name_key(key, name) : (void)0)
#endif

#endif
