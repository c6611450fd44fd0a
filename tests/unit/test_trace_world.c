/* SPDX-License-Identifier: MIT */
/* What is concluded from events: waits and holds, with all events there and with some missing. */
#include "babeltrace/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MUTEX 0x1000
#define PID 10
#define OTHER_PID 11

static struct world world;
static struct origin *origin;
static uint64_t now;

static int begin(void **state)
{
	(void)state;
	now = 1000;
	world_begin(&world);
	origin = world_origin(&world, "host", 0);
	return origin ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	world_free(&world);
	return 0;
}

static struct seen event(enum seen_kind kind, int pid, int tid)
{
	struct seen seen = {.kind = kind, .time = now};

	seen.has = HAS(VPID) | HAS(VTID);
	seen.value[F_VPID].number = (uint64_t)pid;
	seen.value[F_VTID].number = (uint64_t)tid;
	return seen;
}

static void set(struct seen *seen, enum field field, uint64_t number)
{
	seen->has |= UINT64_C(1) << field;
	seen->value[field].number = number;
}

static void of_mutex(enum seen_kind kind, int tid, bool contended)
{
	struct seen seen = event(kind, PID, tid);

	set(&seen, F_MUTEX, MUTEX);
	set(&seen, F_CONTENDED, contended);
	set(&seen, F_SURE, 1);
	world_see(&world, origin, &seen);
}

static void of_key(enum seen_kind kind, int slot)
{
	struct seen seen = event(kind, PID, 1);

	set(&seen, F_SLOT, (uint64_t)slot);
	set(&seen, F_RESULT, 0);
	world_see(&world, origin, &seen);
}

static const struct lock *mutex(void)
{
	return locks_get(&world.first->locks, MUTEX);
}

/* 1 holds for 70, 2 waits for 50 of these, then holds for 30. */
static void contest(bool lose)
{
	of_mutex(SEEN_MUTEX_REQ, 1, false);
	of_mutex(SEEN_MUTEX_ACQ, 1, false);
	now += 20;
	of_mutex(SEEN_MUTEX_REQ, 2, false);
	now += 50;
	if (lose)
		world_lose_events(&world, origin, 3);
	of_mutex(SEEN_MUTEX_UNLOCK, 1, false);
	of_mutex(SEEN_MUTEX_ACQ, 2, true);
	now += 30;
	of_mutex(SEEN_MUTEX_UNLOCK, 2, false);
}

static void test_waits_and_holds(void **state)
{
	const struct past_wait *wait;

	(void)state;
	contest(false);
	assert_int_equal(mutex()->acquired, 2);
	assert_int_equal(mutex()->contended, 1);
	assert_int_equal(mutex()->wait_total, 50);
	assert_int_equal(mutex()->hold_total, 100);
	assert_int_equal(mutex()->hold_max, 70);
	assert_int_equal(mutex()->owner_changes, 1);
	assert_false(mutex()->held);
	assert_int_equal(world.first->longest.count, 1);
	wait = &world.first->longest.wait[0];
	assert_int_equal(wait->lasted, 50);
	assert_int_equal(wait->waited.tid, 2);
	assert_int_equal(wait->holder, 1);
}

static void test_lost_events_make_times_unknown(void **state)
{
	(void)state;
	contest(true);
	assert_int_equal(mutex()->contended, 1);
	assert_int_equal(mutex()->wait_total, 0);
	assert_int_equal(mutex()->hold_total, 30);
	assert_int_equal(world.lost_events, 3);
}

static void test_unlock_by_another_thread(void **state)
{
	(void)state;
	of_mutex(SEEN_MUTEX_REQ, 1, false);
	of_mutex(SEEN_MUTEX_ACQ, 1, false);
	now += 40;
	of_mutex(SEEN_MUTEX_UNLOCK, 2, false);
	assert_int_equal(mutex()->hold_total, 40);
	assert_false(mutex()->held);
	of_mutex(SEEN_MUTEX_UNLOCK, 2, false);
	assert_int_equal(mutex()->hold_total, 40);
}

static void test_whole(void **state)
{
	(void)state;
	contest(false);
	contest(false);
	assert_false(mutex()->gaps);
	assert_false(mutex()->missed);
}

/* As with lttng's --filter 'contended == 1'. */
static void test_acquisitions_left_out(void **state)
{
	(void)state;
	contest(false);
	of_mutex(SEEN_MUTEX_REQ, 1, false);
	of_mutex(SEEN_MUTEX_UNLOCK, 1, false);
	assert_true(mutex()->gaps);
}

static void test_releases_left_out(void **state)
{
	(void)state;
	of_mutex(SEEN_MUTEX_ACQ, 1, true);
	assert_false(mutex()->gaps);
	of_mutex(SEEN_MUTEX_ACQ, 2, true);
	assert_true(mutex()->gaps);
}

static void test_wait_that_is_given_up(void **state)
{
	(void)state;
	of_mutex(SEEN_MUTEX_REQ, 1, false);
	assert_non_null(process_thread(world.first, 1)->waits_for);
	of_key(SEEN_TSS_CREATE, 3);
	assert_null(process_thread(world.first, 1)->waits_for);
}

static void test_begun_late(void **state)
{
	struct seen seen = event(SEEN_DUMP_MUTEX, PID, 9);

	(void)state;
	set(&seen, F_MUTEX, MUTEX);
	set(&seen, F_OWNER, 1);
	set(&seen, F_HELD_NS, 500);
	world_see(&world, origin, &seen);
	now += 10;
	of_mutex(SEEN_MUTEX_UNLOCK, 1, false);
	assert_int_equal(mutex()->hold_total, 510);
	/* Events know better. */
	of_mutex(SEEN_MUTEX_ACQ, 2, false);
	world_see(&world, origin, &seen);
	assert_int_equal(mutex()->owner, 2);
}

static void test_another_program_of_the_same_number(void **state)
{
	struct seen seen = event(SEEN_IMAGES_START, PID, 100);

	(void)state;
	world_see(&world, origin, &seen);
	contest(false);
	world_see(&world, origin, &seen);
	assert_int_equal(world.process_count, 1);
	seen.value[F_VTID].number = 200;
	world_see(&world, origin, &seen);
	assert_int_equal(world.process_count, 2);
	of_mutex(SEEN_MUTEX_ACQ, 1, false);
	assert_int_equal(world.first->next->locks.count, 1);
	assert_int_equal(mutex()->acquired, 2);
}

/* Containers give theirs the same numbers each time. */
static void test_another_process_of_the_same_numbers(void **state)
{
	struct origin *second = world_origin(&world, "host", 0);
	struct seen seen = event(SEEN_IMAGES_START, PID, 100);
	struct seen counted = event(SEEN_COUNTED, PID, 1);

	(void)state;
	set(&seen, F_IP, 0x5000);
	world_see(&world, origin, &seen);
	contest(false);
	/* Another session records the same process. */
	world_see(&world, second, &seen);
	assert_int_equal(world.process_count, 1);
	seen.value[F_IP].number = 0x6000;
	world_see(&world, second, &seen);
	assert_int_equal(world.process_count, 2);
	/* Both live. */
	of_mutex(SEEN_MUTEX_ACQ, 1, false);
	assert_int_equal(mutex()->acquired, 3);
	world_see(&world, second, &counted);
	assert_int_equal(world.first->next->events, 2);
	assert_int_equal(world.first->next->locks.count, 0);
}

static void test_processes_are_told_apart(void **state)
{
	struct origin *elsewhere = world_origin(&world, "other host", 0);
	struct seen seen = event(SEEN_THREAD_EXIT, PID, 1);

	(void)state;
	world_see(&world, origin, &seen);
	world_see(&world, elsewhere, &seen);
	seen.value[F_VPID].number = OTHER_PID;
	world_see(&world, origin, &seen);
	world_see(&world, origin, &seen);
	assert_int_equal(world.process_count, 3);
}

static void test_counted_ones(void **state)
{
	struct seen seen = {.kind = SEEN_COUNTED, .time = now};

	(void)state;
	of_key(SEEN_TSS_CREATE, 3);
	set(&seen, F_VPID, PID);
	seen.time += 30;
	world_see(&world, origin, &seen);
	seen.time -= 10;
	world_see(&world, origin, &seen);
	assert_int_equal(world.process_count, 1);
	assert_int_equal(world.first->events, 3);
	assert_int_equal(world.first->end, now + 30);
	assert_int_equal(world.end, now + 30);
	assert_int_equal(world.own, 3);
	assert_false(origin->no_vtid);
}

static void test_keys_over_time(void **state)
{
	struct made_keys *keys;
	unsigned int points;

	(void)state;
	for (int slot = 0; slot < 5; slot++)
		of_key(SEEN_TSS_CREATE, slot);
	now += 10000000000;
	of_key(SEEN_TSS_DELETE, 2);
	of_key(SEEN_TSS_DELETE, 2);
	of_key(SEEN_KEY_CREATE, 4); /* nobody saw it go */
	keys = &world.first->keys;
	assert_int_equal(keys->live, 4);
	assert_int_equal(keys->peak, 5);
	assert_int_equal(keys->owners->created, 6);
	now += 10000000000;
	points = series_finish(&keys->total->series, &keys->clock, now);
	assert_true(points >= 2 && points <= SERIES_STEPS);
	assert_int_equal(keys->total->series.most[0], 5);
	assert_int_equal(keys->total->series.most[keys->total->series.last], 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_waits_and_holds, begin, end),
		cmocka_unit_test_setup_teardown(test_lost_events_make_times_unknown, begin, end),
		cmocka_unit_test_setup_teardown(test_unlock_by_another_thread, begin, end),
		cmocka_unit_test_setup_teardown(test_whole, begin, end),
		cmocka_unit_test_setup_teardown(test_acquisitions_left_out, begin, end),
		cmocka_unit_test_setup_teardown(test_releases_left_out, begin, end),
		cmocka_unit_test_setup_teardown(test_wait_that_is_given_up, begin, end),
		cmocka_unit_test_setup_teardown(test_begun_late, begin, end),
		cmocka_unit_test_setup_teardown(test_another_program_of_the_same_number, begin,
						end),
		cmocka_unit_test_setup_teardown(test_another_process_of_the_same_numbers, begin,
						end),
		cmocka_unit_test_setup_teardown(test_processes_are_told_apart, begin, end),
		cmocka_unit_test_setup_teardown(test_counted_ones, begin, end),
		cmocka_unit_test_setup_teardown(test_keys_over_time, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
