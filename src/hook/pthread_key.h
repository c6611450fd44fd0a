/* SPDX-License-Identifier: MIT */
/* Raw pthread keys: watched, so that exhaustion can name the owners of all keys. */
#ifndef PYTHREAD_TRACE_PTHREAD_KEY_H
#define PYTHREAD_TRACE_PTHREAD_KEY_H

#include "core/core.h"

/*
 * The tool's own keys, and those of libraries that it uses, have this number or a higher one: the
 * numbers below are what a program that forgot to create its key writes to.
 */
#define TOOL_KEY_LEAST 64

/* For the core: a key that is not recorded as a raw one. */
int pthread_hook_create_key(pthread_key_t *key, void (*destructor)(void *));
int pthread_hook_delete_key(pthread_key_t key);

#endif
