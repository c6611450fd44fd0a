/* SPDX-License-Identifier: MIT */
/* Threads that create and delete the same structs at once: no key is lost, none is made twice. */
#include "core/core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define THREADS 8
#define ROUNDS 2000

static struct core_host saved_host;
static unsigned int created, deleted, claimed;
static struct tss shared;
static pthread_barrier_t barrier;

static int counting_create(pthread_key_t *key, void (*destructor)(void *))
{
	__atomic_add_fetch(&created, 1, __ATOMIC_RELAXED);
	return saved_host.key_create(key, destructor);
}

static int counting_delete(pthread_key_t key)
{
	__atomic_add_fetch(&deleted, 1, __ATOMIC_RELAXED);
	return saved_host.key_delete(key);
}

static void *create_together(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_barrier_wait(&barrier);
		if (core_tss_create(&shared, NULL, NULL) == TSS_CREATED)
			__atomic_add_fetch(&claimed, 1, __ATOMIC_RELAXED);
		pthread_barrier_wait(&barrier);
		core_tss_delete(&shared);
	}
	return NULL;
}

static void one_struct_one_key(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	saved_host = core_host;
	core_host.key_create = counting_create;
	core_host.key_delete = counting_delete;
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, create_together, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	core_host = saved_host;
	assert_int_equal(created, deleted);
	assert_int_equal(claimed, created);
	assert_int_equal(created, ROUNDS);
	assert_int_equal(core_tss_is_created(&shared), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_struct_one_key),
	};

	return cmocka_run_group_tests_name("core race", tests, NULL, NULL);
}
