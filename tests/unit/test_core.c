/* SPDX-License-Identifier: MIT */
/* The core alone, in a plain C program: CPython's return values, layout and allocator. */
#include "core/core.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct core_host saved_host;
static unsigned int allocated, freed;
static bool memory_is_out;

static void *counting_malloc(size_t size)
{
	allocated++;
	return memory_is_out ? NULL : malloc(size);
}

static void counting_free(void *block)
{
	freed++;
	free(block);
}

static int no_key(pthread_key_t *key, void (*destructor)(void *))
{
	(void)key, (void)destructor;
	return EAGAIN;
}

static int set_up(void **state)
{
	(void)state;
	saved_host = core_host;
	core_host.malloc = counting_malloc;
	core_host.free = counting_free;
	allocated = freed = 0;
	memory_is_out = false;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	core_host = saved_host;
	return 0;
}

static void layout_is_cpythons(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct tss), 8);
	assert_int_equal(offsetof(struct tss, is_initialized), 0);
	assert_int_equal(offsetof(struct tss, key), 4);
}

static void a_life(void **state)
{
	struct tss tss = {0};
	int value;

	(void)state;
	assert_int_equal(core_tss_is_created(&tss), 0);
	assert_int_equal(core_tss_create(&tss, NULL, NULL), TSS_CREATED);
	assert_int_equal(core_tss_is_created(&tss), 1);
	assert_true(core_key_in_use(tss.key));
	assert_null(core_tss_get(&tss));
	assert_int_equal(core_tss_set(&tss, &value), 0);
	assert_ptr_equal(core_tss_get(&tss), &value);
	assert_ptr_equal(pthread_getspecific(tss.key), &value);
	core_tss_delete(&tss);
	assert_int_equal(core_tss_is_created(&tss), 0);
	assert_false(core_key_in_use(tss.key));
}

static void creating_twice_does_nothing(void **state)
{
	struct tss tss = {0};
	pthread_key_t key;

	(void)state;
	assert_int_equal(core_tss_create(&tss, NULL, NULL), TSS_CREATED);
	key = tss.key;
	assert_int_equal(core_tss_create(&tss, NULL, NULL), TSS_EXISTS);
	assert_int_equal(tss.key, key);
	core_tss_delete(&tss);
}

static void deleting_keeps_the_number_and_ends_the_key(void **state)
{
	struct tss tss = {0};
	pthread_key_t key;

	(void)state;
	core_tss_delete(&tss);
	assert_int_equal(core_tss_create(&tss, NULL, NULL), TSS_CREATED);
	key = tss.key;
	core_tss_delete(&tss);
	assert_int_equal(tss.key, key);
	core_tss_delete(&tss);
	assert_int_equal(core_tss_set(&tss, &tss), -1);
	assert_null(core_tss_get(&tss));
}

static void failure_leaves_the_struct_alone(void **state)
{
	struct tss tss = {0, 4711};

	(void)state;
	core_host.key_create = no_key;
	errno = 99;
	assert_int_equal(core_tss_create(&tss, NULL, NULL), TSS_FAILED);
	assert_int_equal(tss.is_initialized, 0);
	assert_int_equal(tss.key, 4711);
	assert_int_equal(core_key_create(), -1);
	assert_int_equal(errno, 99);
}

static void memory_is_the_hosts(void **state)
{
	struct tss *tss = core_tss_alloc();

	(void)state;
	assert_int_equal(allocated, 1);
	assert_int_equal(tss->is_initialized, 0);
	assert_int_equal(core_tss_create(tss, NULL, NULL), TSS_CREATED);
	pthread_key_t key = tss->key;
	core_tss_free(tss);
	assert_int_equal(freed, 1);
	assert_false(core_key_in_use(key));
	core_tss_free(NULL);
	assert_int_equal(freed, 1);
	memory_is_out = true;
	assert_null(core_tss_alloc());
}

static void legacy_keys(void **state)
{
	int key = core_key_create(), value;

	(void)state;
	assert_true(key >= 0);
	assert_int_equal(core_key_set(key, &value), 0);
	assert_ptr_equal(core_key_get(key), &value);
	assert_int_equal(core_key_set(key, &key), 0);
	assert_ptr_equal(core_key_get(key), &key);
	core_key_delete_value(key);
	assert_null(core_key_get(key));
	core_key_delete(key);
	assert_int_equal(core_key_set(key, &value), -1);
	assert_null(core_key_get(key));
	core_key_delete(key);
}

static void absurd_legacy_keys(void **state)
{
	static const int absurd[] = {-1, PTHREAD_KEYS_MAX, 0x7fffffff, -0x7fffffff};

	(void)state;
	for (size_t i = 0; i < countof(absurd); i++) {
		assert_int_equal(core_key_set(absurd[i], &saved_host), -1);
		assert_null(core_key_get(absurd[i]));
		core_key_delete_value(absurd[i]);
		core_key_delete(absurd[i]);
	}
}

static void own_key_stays_away_from_low_numbers(void **state)
{
	pthread_key_t key, next;

	(void)state;
	assert_int_equal(core_key_create_above(64, &key, NULL), 0);
	assert_true(key >= 64);
	assert_int_equal(pthread_key_create(&next, NULL), 0);
	assert_true(next < 64);
	pthread_key_delete(next);
	pthread_key_delete(key);
}

static void in_use_changes_nothing(void **state)
{
	pthread_key_t key;
	int value = 0;

	(void)state;
	pthread_key_create(&key, NULL);
	pthread_setspecific(key, &value);
	errno = 42;
	assert_true(core_key_in_use(key));
	assert_ptr_equal(pthread_getspecific(key), &value);
	pthread_key_delete(key);
	assert_false(core_key_in_use(key));
	assert_false(core_key_in_use(PTHREAD_KEYS_MAX));
	assert_int_equal(errno, 42);
}

static void *hold_creation(void *data)
{
	struct tss tss = {0};

	while (!__atomic_load_n((bool *)data, __ATOMIC_RELAXED)) {
		core_tss_create(&tss, NULL, NULL);
		core_tss_delete(&tss);
		sched_yield(); /* valgrind runs one thread at a time, and this one for ever */
	}
	return NULL;
}

/* A child must be able to create keys whatever other threads did at the moment of the fork. */
static void fork_in_the_middle_of_creations(void **state)
{
	bool stop = false;
	pthread_t thread;

	(void)state;
	pthread_create(&thread, NULL, hold_creation, &stop);
	for (int i = 0; i < 200; i++) {
		struct tss tss = {0};
		int status;
		pid_t child;

		core_before_fork();
		child = fork();
		core_after_fork();
		if (child == 0) {
			alarm(10);
			_exit(core_tss_create(&tss, NULL, NULL) == TSS_CREATED ? 0 : 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

static void use_another_key(const struct tss *tss, void *context)
{
	struct tss other = {0};

	(void)tss, (void)context;
	assert_int_equal(core_tss_create(&other, NULL, NULL), TSS_CREATED);
	core_tss_delete(&other);
}

/* As a signal handler does that interrupts a creation, and a handler of fork. */
static void a_thread_does_not_wait_for_itself(void **state)
{
	struct tss tss = {0};

	(void)state;
	alarm(10);
	assert_int_equal(core_tss_create(&tss, use_another_key, NULL), TSS_CREATED);
	core_before_fork();
	use_another_key(NULL, NULL);
	core_tss_delete(&tss);
	core_after_fork();
	use_another_key(NULL, NULL);
	alarm(0);
}

static pthread_barrier_t both;

static void wait_for_the_other(const struct tss *tss, void *context)
{
	(void)tss, (void)context;
	pthread_barrier_wait(&both);
	pthread_barrier_wait(&both);
}

static void *create_slowly(void *unused)
{
	struct tss tss = {0};

	core_tss_create(&tss, wait_for_the_other, NULL);
	core_tss_delete(&tss);
	return unused;
}

/* As in a signal handler that interrupted what the other thread's creation waits for. */
static void a_creation_does_not_wait_for_ever(void **state)
{
	pthread_t thread;
	int status;
	pid_t child;

	(void)state;
	alarm(20);
	pthread_barrier_init(&both, NULL, 2);
	pthread_create(&thread, NULL, create_slowly, NULL);
	pthread_barrier_wait(&both); /* the lock is the other's now */
	use_another_key(NULL, NULL);
	child = fork();
	if (child == 0) {
		alarm(20);
		core_after_unguarded_fork();
		core_before_fork();
		use_another_key(NULL, NULL);
		core_after_fork();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	pthread_barrier_wait(&both);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&both);
	alarm(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(layout_is_cpythons, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_life, set_up, tear_down),
		cmocka_unit_test_setup_teardown(creating_twice_does_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(deleting_keeps_the_number_and_ends_the_key, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(failure_leaves_the_struct_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(memory_is_the_hosts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(legacy_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(absurd_legacy_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(own_key_stays_away_from_low_numbers, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(in_use_changes_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fork_in_the_middle_of_creations, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_thread_does_not_wait_for_itself, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_creation_does_not_wait_for_ever, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
