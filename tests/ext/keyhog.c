/* SPDX-License-Identifier: MIT */
#include "keyhog.h"

#include <limits.h>
#include <pthread.h>

static pthread_key_t keys[PTHREAD_KEYS_MAX];
static int taken;

void keyhog_take(int count)
{
	while ((count == KEYHOG_ALL || count-- > 0) && taken < PTHREAD_KEYS_MAX) {
		if (pthread_key_create(&keys[taken], NULL) != 0)
			break;
		taken++;
	}
}

void keyhog_release(void)
{
	while (taken > 0)
		pthread_key_delete(keys[--taken]);
}
