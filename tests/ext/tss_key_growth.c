/* SPDX-License-Identifier: MIT */
/* One more key each time the same thing is done. */
#include "ext.h"

#define ROUNDS 64

static Py_tss_t cache_keys[ROUNDS];
static unsigned int turn;

STEP(run)
{
	PyThread_tss_create(&cache_keys[turn++ % ROUNDS]); /* CREATED run */
#ifdef CLEAN
	PyThread_tss_delete(&cache_keys[(turn - 1) % ROUNDS]);
#endif
}

MODULE(METHOD(run))
