/* SPDX-License-Identifier: MIT */
#include "stack/unwind_cache.h"

#include <limits.h>

/* A number that libc gives to nobody: where it gets there all the same, it does nothing. */
#define NO_KEY PTHREAD_KEYS_MAX

static void (*free_cache)(void *cache);
static __thread void *cache __attribute__((tls_model("initial-exec")));
static __thread char variables[UNWIND_CACHE_VARIABLES]
	__attribute__((tls_model("initial-exec"), aligned(16)));

int unwind_cache_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	if (free_cache)
		return pthread_key_create(key, destructor);
	free_cache = destructor;
	*key = NO_KEY;
	return 0;
}

int unwind_cache_setspecific(pthread_key_t key, const void *value)
{
	if (key != NO_KEY) /* made before us: the program uses libunwind itself */
		return pthread_setspecific(key, value);
	cache = (void *)(uintptr_t)value;
	return 0;
}

void *unwind_cache_variable(const size_t index[2])
{
	return variables + index[1];
}

/* It puts itself back a few times, as one of several keys would have to. */
void unwind_cache_free(void)
{
	for (int turn = 0; cache && turn < PTHREAD_DESTRUCTOR_ITERATIONS; turn++) {
		void *mine = cache;

		cache = NULL;
		free_cache(mine);
	}
}
