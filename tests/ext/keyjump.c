/* SPDX-License-Identifier: MIT */
/*
 * Keys made at the very end of functions, where a call is a jump: its return address is then in
 * whoever called the function; of one that runs as the library is loaded, the dynamic linker.
 */
#include <pthread.h>
#include <stddef.h>

static pthread_key_t key_of_load;
static int made;

static __attribute__((constructor)) void load(void)
{
	pthread_key_create(&key_of_load, NULL);
}

int make_by_jump(pthread_key_t *key)
{
	return pthread_key_create(key, NULL);
}

int make_by_call(pthread_key_t *key)
{
	int error = pthread_key_create(key, NULL);

	made += !error;
	return error;
}
