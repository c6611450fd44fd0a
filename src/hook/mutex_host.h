/* SPDX-License-Identifier: MIT */
/*
 * The interpreter's own PyMutex functions, what the core's mutexes need of the interpreter, and
 * which of the two a call is for.
 */
#ifndef PYTHREAD_TRACE_MUTEX_HOST_H
#define PYTHREAD_TRACE_MUTEX_HOST_H

#include "core/mutex.h"

/* The adopted interpreter's. NULL: it has no such function; before 3.13 it has none of them. */
struct mutex_originals {
	void (*lock)(struct mutex *mutex);
	void (*unlock)(struct mutex *mutex);
	int (*lock_timed)(struct mutex *mutex, int64_t timeout, int flags);
};

extern struct mutex_originals mutex_originals;

/* Once an interpreter has been adopted, before its symbols are redirected. */
void mutex_host_adopt(void);

/*
 * Whether the core does what extensions ask of their mutexes, by --mutex; by default not in
 * free-threaded builds, where critical sections lock the same byte inside the interpreter, and
 * never where it does not export _PyParkingLot_Unpark(), by which its waiters are woken: all from
 * 3.13 on do. Else the interpreter's functions do, as always for what it asks for itself.
 */
extern bool mutex_host_is_ours NOT_EXPORTED;

/*
 * Whether that is so, the process is followed, and no option asks for more to be done about each
 * operation: then most are done as in quick.h.
 */
extern bool mutex_host_is_everyday NOT_EXPORTED;

/* To be called when what process says has changed. */
void mutex_host_judge_everyday(void);

/* After an unlock that was not done through the interpreter: wakes a waiter in its lot. */
void mutex_host_wake_other(const struct mutex *mutex);

#endif
