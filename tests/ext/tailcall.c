/* SPDX-License-Identifier: MIT */
/*
 * The fast path of the interpreter's headers in functions that end with it: where it fails, they
 * jump to the interpreter's function, whose return address is then in whoever called these.
 */
#include <stdint.h>

void PyMutex_Lock(uint8_t *mutex);
void PyMutex_Unlock(uint8_t *mutex);

static uint8_t cache_mutex;

static int swap(uint8_t from, uint8_t to)
{
	return __atomic_compare_exchange_n(&cache_mutex, &from, to, 0, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

void lock_cache(void)
{
	if (!swap(0, 1))
		PyMutex_Lock(&cache_mutex);
}

void unlock_cache(void)
{
	if (!swap(1, 0))
		PyMutex_Unlock(&cache_mutex);
}
