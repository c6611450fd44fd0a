/* SPDX-License-Identifier: MIT */
/* Uses a key once more when the interpreter is gone, which is allowed; or one never created. */
#include "ext.h"

#include <stdio.h>

static Py_tss_t cache_key = Py_tss_NEEDS_INIT;
static int value;

static void at_exit(void)
{
	int set = PyThread_tss_set(&cache_key, &value);
	int same = PyThread_tss_get(&cache_key) == &value;

	PyThread_tss_delete(&cache_key);
	printf("interpreter %d, set %d, same %d, created %d\n", Py_IsInitialized(), set, same,
	       PyThread_tss_is_created(&cache_key));
	fflush(stdout);
}

STEP(run)
{
	PyThread_tss_create(&cache_key);
	Py_AtExit(at_exit);
}

static void misuse_at_exit(void)
{
	PyThread_tss_get(&cache_key);
}

STEP(misuse)
{
	Py_AtExit(misuse_at_exit);
}

MODULE(METHOD(run), METHOD(misuse))
