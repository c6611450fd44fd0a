/* SPDX-License-Identifier: MIT */
/* What an extension may do to a PyMutex's byte by itself, without a call that could be seen. */
#include <stdint.h>

void PyMutex_Unlock(uint8_t *mutex);

static int swap(uint8_t *mutex, uint8_t from, uint8_t to)
{
	return __atomic_compare_exchange_n(mutex, &from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* Whether it was free, and is locked now. */
int attempt(uint8_t *mutex)
{
	return swap(mutex, 0, 1);
}

/* As the interpreter's headers inline it. */
void release(uint8_t *mutex)
{
	if (!swap(mutex, 1, 0))
		PyMutex_Unlock(mutex);
}
