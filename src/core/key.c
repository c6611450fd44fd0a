/* SPDX-License-Identifier: MIT */
#include "core/core.h"

#include <errno.h>

int core_key_create(void)
{
	pthread_key_t key;

	return core_host.key_create(&key, NULL) ? -1 : (int)key;
}

void core_key_delete(int key)
{
	core_host.key_delete((pthread_key_t)key);
}

int core_key_create_above(pthread_key_t least, pthread_key_t *key, void (*destructor)(void *))
{
	pthread_key_t below[PTHREAD_KEYS_MAX];
	unsigned int count = 0;
	int error;

	/* The lowest free number comes first: take what is in the way, then give it back. */
	while ((error = core_host.key_create(key, destructor)) == 0 && *key < least)
		below[count++] = *key;
	while (count)
		core_host.key_delete(below[--count]);
	return error;
}

bool core_key_in_use(unsigned int key)
{
	int saved = errno;
	bool in_use = pthread_setspecific(key, pthread_getspecific(key)) == 0;

	errno = saved;
	return in_use;
}
