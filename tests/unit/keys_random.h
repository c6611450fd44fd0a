/* SPDX-License-Identifier: MIT */
/* What the random tests of keys share: each thread's own findings, and how they fail. */
#ifndef KEYS_RANDOM_H
#define KEYS_RANDOM_H

#include "keys_host.h"

#define NOTHING FINDING_KIND_COUNT
#define NO_NUMBER (-1)

extern uint64_t keys_random_seed, keys_random_operations;

/* While it is set in a thread no key can be created there: none is left. */
extern __thread bool keys_random_refuse;

/* The last one in the calling thread. */
extern __thread struct finding keys_random_found;

/* Whether just this, or NOTHING, was found in the calling thread since this was last true there. */
bool was_found(enum finding_kind kind);

/* For set-up and tear-down of a cmocka test. */
int keys_random_set_up(void **state);
int keys_random_tear_down(void **state);

/* Aborts, and says where; `left`: how many operations the thread had to go. */
__attribute__((noreturn)) void keys_random_fail(const char *file, int line, pid_t tid,
						uint64_t left, const char *what);

#define REQUIRE(actor, condition)                                                                  \
	do {                                                                                       \
		if (!(condition))                                                                  \
			keys_random_fail(__FILE__, __LINE__, (actor)->tid, (actor)->left,          \
					 #condition);                                              \
	} while (0)

/* A cmocka test: threads that have keys in common. */
void test_shared_keys(void **state);

#endif
