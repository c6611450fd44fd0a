/* SPDX-License-Identifier: MIT */
/* Preloaded: uses a key, never created, before the interpreter starts. */
#include "ext.h"

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;

static __attribute__((constructor)) void misuse_at_start(void)
{
	PyThread_tss_get(&cache_key);
}
