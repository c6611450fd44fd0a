/* SPDX-License-Identifier: MIT */
/* Raw pthread keys: watched, so that exhaustion can name the owners of all keys. */
#ifndef PYTHREAD_TRACE_PTHREAD_KEY_H
#define PYTHREAD_TRACE_PTHREAD_KEY_H

#include "core/core.h"

/* For the core: a key that is not recorded as a raw one. */
int pthread_hook_create_key(pthread_key_t *key, void (*destructor)(void *));
int pthread_hook_delete_key(pthread_key_t key);

#endif
