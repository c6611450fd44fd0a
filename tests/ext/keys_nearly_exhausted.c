/* SPDX-License-Identifier: MIT */
/* A key for each entry where one for all would do. */
#include "ext.h"

#define LIMIT 1024

#ifdef CLEAN
#define ENTRIES 4
#else
#define ENTRIES (LIMIT * 95 / 100)
#endif

static Py_tss_t entry_keys[ENTRIES];

STEP(run)
{
	for (int i = 0; i < ENTRIES; i++)
		PyThread_tss_create(&entry_keys[i]); /* HERE run */
	for (int i = 0; i < ENTRIES; i++)
		PyThread_tss_delete(&entry_keys[i]);
}

MODULE(METHOD(run))
