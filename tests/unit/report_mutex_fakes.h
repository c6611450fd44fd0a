/* SPDX-License-Identifier: MIT */
/* Mutexes for the report's tests, and threads that wait for them. */
#ifndef PYTHREAD_TRACE_REPORT_MUTEX_FAKES_H
#define PYTHREAD_TRACE_REPORT_MUTEX_FAKES_H

#include "report_fakes.h"

#define STRIPPED_MUTEX ((const void *)0x14020) /* in buggy.so, in no variable that is known */
#define RUNTIME_MUTEX ((const void *)0x450000) /* in python3.11 */

/* Where only the caller was noted. */
#define SITE_BARE ((struct site){BUGGY_CALLER, 0, 0, 4243})

/*
 * Puts five mutexes into fake_facts: BUGGY_KEY, named "table lock"; one of the interpreter's own;
 * STRIPPED_MUTEX, armed; HEAP_KEY, seen in part; and WITHIN_KEY, that nobody waited for.
 */
void fake_mutexes(void);

/*
 * And two waits: the main thread waits for BUGGY_KEY, which thread 4244 holds; thread 4245 waits
 * for HEAP_KEY, of which nobody saw who took it.
 */
void fake_waits(void);

struct finding_object fake_mutex(const void *address, uint32_t module, const char *name);

/*
 * A finding about STRIPPED_MUTEX, named "queue", at SITE_STORE; locked at SITE_CLEANUP. And about
 * so many others: BUGGY_KEY, named "index", and HEAP_KEY.
 */
void fake_mutex_finding(enum finding_kind kind, unsigned int others);

#endif
