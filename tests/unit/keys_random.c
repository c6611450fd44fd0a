/* SPDX-License-Identifier: MIT */
#include "keys_random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

uint64_t keys_random_seed, keys_random_operations;
__thread bool keys_random_refuse;
__thread struct finding keys_random_found;
static __thread unsigned int found_count;
static struct core_host libc;

void keys_random_fail(const char *file, int line, pid_t tid, uint64_t left, const char *what)
{
	fprintf(stderr, "%s:%d: thread %d, with %llu operations to go: not so: %s (seed %llu)\n",
		file, line, (int)tid, (unsigned long long)left, what,
		(unsigned long long)keys_random_seed);
	if (found_count)
		fprintf(stderr, "%u findings, the last: %s\n", found_count,
			finding_name(keys_random_found.kind));
	abort();
}

static void note_finding(const struct finding *finding)
{
	keys_random_found = *finding;
	found_count++;
}

bool was_found(enum finding_kind kind)
{
	bool so = kind == NOTHING ? found_count == 0
				  : found_count == 1 && keys_random_found.kind == kind;

	if (so)
		found_count = 0;
	return so;
}

static int may_create(pthread_key_t *key, void (*destructor)(void *))
{
	return keys_random_refuse ? EAGAIN : libc.key_create(key, destructor);
}

int keys_random_set_up(void **state)
{
	keys_host_set_up(state);
	keys_host.finding = note_finding;
	libc = core_host;
	core_host.key_create = may_create;
	return 0;
}

int keys_random_tear_down(void **state)
{
	(void)state;
	core_host = libc;
	return 0;
}
