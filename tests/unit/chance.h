/* SPDX-License-Identifier: MIT */
/*
 * What random tests share: numbers that look like chance, the same for equal seeds.
 * PYTHREAD_TRACE_SEED is the seed, PYTHREAD_TRACE_STRESS the number of operations. Under threads
 * what each of them does is the same again, and when it does so is not.
 */
#ifndef PYTHREAD_TRACE_CHANCE_H
#define PYTHREAD_TRACE_CHANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct chance {
	uint64_t state;
};

/* splitmix64 */
static inline uint64_t chance_next(struct chance *chance)
{
	uint64_t mixed = chance->state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ mixed >> 31;
}

/* A number from 0 on, below the limit. */
static inline unsigned int chance_below(struct chance *chance, unsigned int limit)
{
	return (unsigned int)(chance_next(chance) % limit);
}

static inline bool chance_one_in(struct chance *chance, unsigned int many)
{
	return chance_below(chance, many) == 0;
}

/* The number that this variable of the environment has; `otherwise` where there is none. */
static inline uint64_t chance_variable(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* Printed, so that what fails can be done again. */
static inline uint64_t chance_seed(void)
{
	uint64_t seed = chance_variable("PYTHREAD_TRACE_SEED", (uint64_t)time(NULL));

	fprintf(stderr, "PYTHREAD_TRACE_SEED=%llu\n", (unsigned long long)seed);
	return seed;
}

#endif
