/* SPDX-License-Identifier: MIT */
/* Where memory runs out, mutexes and their orders go unrecorded: counted, and nobody is accused. */
#include "mutexes_host.h"
#include "no_memory.h"

/* Until a new mutex gets no record. */
static void run_out_of_records(void)
{
	struct mutex_thread *thread = begin(99);

	no_memory = true;
	while (mutexes_get(fresh(), BY(thread)))
		continue;
}

/* Until a new order of two known mutexes is not noted; no memory comes for it. */
static void run_out_of_orders(void)
{
	struct mutex_thread *thread = begin(98);
	const void *one[300];
	uint64_t before;

	for (unsigned int i = 0; i < 300; i++) {
		one[i] = fresh();
		mutexes_get(one[i], BY(thread));
	}
	no_memory = true;
	before = mutexes_dropped();
	for (unsigned int i = 0; i < 299 && mutexes_dropped() == before; i++) {
		for (unsigned int j = i + 1; j < 300 && mutexes_dropped() == before; j++) {
			TAKE(one[i], thread);
			TAKE(one[j], thread);
			GIVE(one[j], thread);
			GIVE(one[i], thread);
		}
	}
	assert_true(mutexes_dropped() > before);
}

static int set_up(void **state)
{
	no_memory = false;
	return mutexes_host_set_up(state);
}

static void unrecorded_mutexes(void **state)
{
	const void *known = fresh(), *unknown = fresh();
	struct mutex_thread *thread = begin(1);
	uint64_t dropped = mutexes_dropped();

	(void)state;
	mutexes_get(known, BY(thread));
	run_out_of_records();
	assert_int_equal(mutexes_dropped(), dropped + 1);
	assert_null(mutexes_get(unknown, BY(thread)));
	assert_null(mutexes_find(unknown));
	mutexes_name(unknown, "nobody", BY(thread));
	assert_int_equal(mutexes_dropped(), dropped + 3);
	mutexes_report_unlocked(unknown, NULL, BY(thread));
	assert_ptr_equal(assert_found(FINDING_MUTEX_UNLOCK_UNLOCKED)->object.address, unknown);
	assert_non_null(mutexes_get(known, BY(thread)));
	no_memory = false;
	assert_non_null(mutexes_get(unknown, BY(thread)));
}

static void a_name_that_does_not_fit(void **state)
{
	static char name[4096];
	const void *mutex = fresh();
	struct mutex_thread *thread = begin(1);

	(void)state;
	mutexes_name(mutex, "table", BY(thread));
	no_memory = true;
	for (unsigned int i = 0; i < 32; i++) {
		for (size_t j = 0; j + 1 < sizeof(name); j++)
			name[j] = (char)('a' + i % 26);
		mutexes_name(mutex, name, BY(thread));
	}
	/* The last of those that did fit. */
	assert_true(record_of(mutex)->name[0] != name[0]);
}

static void both(const void *one, const void *other, struct mutex_thread *thread)
{
	TAKE(one, thread);
	TAKE(other, thread);
	GIVE(other, thread);
	GIVE(one, thread);
}

/* The last one: there is no way back from this. */
static void unrecorded_orders(void **state)
{
	const void *a = fresh(), *b = fresh(), *c = fresh(), *d = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);
	uint64_t dropped;

	(void)state;
	both(a, b, one);
	both(a, b, one);
	TAKE(c, one);
	GIVE(c, one);
	mutexes_get(d, BY(one));
	run_out_of_orders();
	dropped = mutexes_dropped();
	both(c, d, one);
	both(c, d, one);
	assert_int_equal(mutexes_dropped(), dropped + 2); /* each that is not judged */
	both(d, c, other);
	assert_nothing_found(); /* it cannot be known */
	assert_int_equal(record_of(c)->acquired, 4);
	assert_int_equal(record_of(d)->acquired, 3);
	assert_null(record_of(c)->owner);
	assert_null(record_of(d)->owner);
	TAKE(d, other);
	assert_ptr_equal(record_of(d)->owner, other);
	WAIT(d, other); /* for itself */
	assert_found(FINDING_MUTEX_SELF_DEADLOCK);
	stop_waiting(other);
	GIVE(d, other);
	both(a, b, other); /* an order that is known */
	both(a, b, one);
	assert_nothing_found();
	/* One that is handed on, and the next thread is kept where the last one was. */
	TAKE(d, other);
	mutexes_thread_end(other, NULL);
	mutexes_thread_begin(other, 3);
	WAIT(d, other);
	assert_nothing_found();
	stop_waiting(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(unrecorded_mutexes, set_up),
		cmocka_unit_test_setup(a_name_that_does_not_fit, set_up),
		cmocka_unit_test_setup(unrecorded_orders, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
