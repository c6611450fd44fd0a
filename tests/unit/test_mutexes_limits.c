/* SPDX-License-Identifier: MIT */
/* More mutexes, or sets of mutexes held together, than are kept: counted, and nobody is accused. */
#include "model/mutex_table.h"
#include "model/order.h"
#include "mutexes_host.h"
#include "surroundings.h"

/* So many that the sets of two are more than are kept, each mutex's own among them. */
#define ONES 724

static void both(const void *one, const void *other, struct mutex_thread *thread)
{
	TAKE(one, thread);
	TAKE(other, thread);
	GIVE(other, thread);
	GIVE(one, thread);
}

/* Until one is not kept; it returns how many are. */
static unsigned int run_out_of_orders(const void *const *one, struct mutex_thread *thread)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < ONES; i++) {
		for (unsigned int j = i + 1; j < ONES; j++) {
			both(one[i], one[j], thread);
			if (mutexes_dropped())
				return kept;
			kept++;
		}
	}
	return kept;
}

static void no_more_orders(void **state)
{
	const void *first = fresh(), *second = fresh(), *late = fresh(), *later = fresh(),
		   *one[ONES];
	struct mutex_thread *thread = begin(1), *other = begin(2);
	unsigned int kept;

	(void)state;
	for (unsigned int i = 0; i < ONES; i++)
		one[i] = fresh();
	both(first, second, thread);
	kept = run_out_of_orders(one, thread);
	assert_true(mutexes_dropped() > 0);
	assert_true(kept >= ORDER_NODES_MAX - 2 * ONES && kept <= ORDER_NODES_MAX);
	both(late, later, thread);
	both(later, late, other);
	both(second, first, other);
	assert_nothing_found(); /* it cannot be known */
}

static void no_more_mutexes(void **state)
{
	static const char more[MUTEX_RECORDS_MAX + 1];
	struct mutex_thread *thread = begin(1);
	const void *known = fresh();
	uint64_t dropped = mutexes_dropped();
	unsigned int kept = 0;

	(void)state;
	mutexes_get(known, BY(thread));
	while (kept < MUTEX_RECORDS_MAX && mutexes_get(&more[kept], BY(thread)))
		kept++;
	assert_int_equal(mutexes_dropped(), dropped + 1);
	assert_true(kept >= MUTEX_RECORDS_MAX - 2 * ONES && kept < MUTEX_RECORDS_MAX);
	assert_null(mutexes_get(&more[kept], BY(thread)));
	TAKE(known, thread);
	assert_int_equal(record_of(known)->acquired, 1);
	GIVE(known, thread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(no_more_orders, mutexes_host_set_up),
		cmocka_unit_test_setup(no_more_mutexes, mutexes_host_set_up),
	};

	if (under_valgrind()) {
		print_message("skipped: valgrind takes long for a million mutexes\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
