/* SPDX-License-Identifier: MIT */
/* A library that knows nothing of Python and takes thread keys. Not thread safe. */
#ifndef PYTHREAD_TRACE_TESTS_KEYHOG_H
#define PYTHREAD_TRACE_TESTS_KEYHOG_H

#define KEYHOG_ALL (-1)

#ifdef __cplusplus
extern "C" {
#endif

/* Takes that many keys, or all that are left. */
void keyhog_take(int count);

/* Gives all of them back. */
void keyhog_release(void);

#ifdef __cplusplus
}
#endif

#endif
