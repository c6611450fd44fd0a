/* SPDX-License-Identifier: MIT */
/* One more key each time the same thing is done. */
#include "ext.h"

#define ROUNDS 64

static int cache_keys[ROUNDS];
static unsigned int turn;

STEP(run)
{
	cache_keys[turn++ % ROUNDS] = PyThread_create_key(); /* CREATED run */
#ifdef CLEAN
	PyThread_delete_key(cache_keys[(turn - 1) % ROUNDS]);
#endif
}

MODULE(METHOD(run))
