/* SPDX-License-Identifier: MIT */
/* Records of mutexes: found again, counted right, judged when held too long or for ever. */
#include "base/clock.h"
#include "mutexes_host.h"
#include "surroundings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void found_again(void **state)
{
	const void *one = fresh(), *other = fresh();
	struct mutex_thread *thread = begin(1);
	struct mutex_record *record;

	(void)state;
	assert_null(mutexes_find(one));
	record = mutexes_get(one, BY(thread));
	assert_ptr_equal(mutexes_get(one, BY(thread)), record);
	assert_ptr_equal(mutexes_find(one), record);
	assert_null(mutexes_find(other));
	assert_ptr_not_equal(mutexes_get(other, BY(thread)), record);
	assert_int_equal(record->first_use.tid, 1);
	assert_true(sizeof(*record) <= 300);
}

static void named(void **state)
{
	const void *mutex = fresh();
	struct mutex_thread *thread = begin(1);
	char name[] = "table";
	const char *kept;

	(void)state;
	mutexes_name(mutex, name, BY(thread));
	name[0] = 'c';
	kept = record_of(mutex)->name;
	assert_string_equal(kept, "table");
	mutexes_name(mutex, "table", BY(thread));
	assert_ptr_equal(record_of(mutex)->name, kept);
	mutexes_name(mutex, name, BY(thread));
	assert_string_equal(record_of(mutex)->name, "cable");
}

static void acquire(const void *mutex, struct mutex_thread *thread, bool contended, uint64_t waited,
		    const struct site *site)
{
	struct mutex_request request = {
		.record = mutexes_get(mutex, site), .thread = thread, .site = site, .sure = true};

	mutexes_requested(&request);
	mutexes_acquired(&request, now, contended, waited);
}

static void counted(void **state)
{
	const void *mutex = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);
	const struct mutex_record *record;

	(void)state;
	acquire(mutex, one, false, 0, BY(one));
	record = record_of(mutex);
	assert_ptr_equal(record->owner, one);
	now += 10;
	GIVE(mutex, one);
	assert_null(record->owner);
	acquire(mutex, other, true, 7, BY(other));
	now += 30;
	GIVE(mutex, other);
	acquire(mutex, other, true, 5, BY(one));
	now += 20;
	GIVE(mutex, other);
	assert_int_equal(record->acquired, 3);
	assert_int_equal(record->contended, 2);
	assert_int_equal(record->wait_total, 12);
	assert_int_equal(record->wait_max, 7);
	assert_int_equal(record->waited_for.tid, 2);
	assert_int_equal(record->hold_total, 60);
	assert_int_equal(record->hold_max, 30);
	assert_int_equal(record->owner_changes, 1);
	assert_nothing_found();
}

/* Its end may go unseen: neither an owner nor a length is known. */
static void unsure_holds_have_no_owner(void **state)
{
	struct mutex_thread *thread = begin(1);
	struct mutex_request request = {
		.record = mutexes_get(fresh(), BY(thread)), .thread = thread, .site = BY(thread)};

	(void)state;
	mutexes_requested(&request);
	mutexes_acquired(&request, now, true, 3);
	assert_null(request.record->owner);
	now += 100;
	mutexes_releasing(request.record, thread, BY(thread), now);
	assert_int_equal(request.record->hold_total, 0);
	assert_int_equal(request.record->acquired, 1);
	mutexes_wait_begin(&request, now);
	mutexes_thread_end(thread, BY(thread));
	assert_nothing_found();
}

/* Another library may come to the place of a mutex that was freed. */
static void lives_where_it_was_first_seen(void **state)
{
	const void *mutex = fresh();
	struct mutex_thread *thread = begin(1);

	(void)state;
	module_now = 7;
	TAKE(mutex, thread);
	module_now = 8;
	assert_int_equal(record_of(mutex)->module, 7);
	mutexes_thread_end(thread, BY(thread));
	assert_int_equal(assert_found(FINDING_MUTEX_HELD_AT_THREAD_EXIT)->object.module, 7);
	mutexes_report_unlocked(mutex, NULL, BY(thread)); /* memory ran out for its record */
	assert_int_equal(assert_found(FINDING_MUTEX_UNLOCK_UNLOCKED)->object.module, 8);
}

static void thread_ends_with_locked_mutexes(void **state)
{
	const void *given = fresh(), *kept = fresh(), *next = fresh();
	struct mutex_thread *thread = begin(1);
	const struct finding *finding;

	(void)state;
	TAKE(kept, thread);
	TAKE(given, thread);
	GIVE(given, thread);
	mutexes_thread_end(thread, BY(thread));
	finding = assert_found(FINDING_MUTEX_HELD_AT_THREAD_EXIT);
	assert_ptr_equal(finding->object.address, kept);
	assert_ptr_equal(finding->object.creator, EXTENSION);
	assert_int_equal(story_of(finding, ROLE_LOCKED)->tid, 1);
	mutexes_thread_begin(thread, 2);
	TAKE(next, thread);
	GIVE(next, thread);
	mutexes_thread_end(thread, BY(thread));
	assert_nothing_found();
}

static void unlocked_by_others_is_their_way(void **state)
{
	const void *mutex = fresh(), *before = fresh(), *after = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	TAKE(before, one);
	TAKE(mutex, one);
	TAKE(after, one);
	GIVE(mutex, other);
	assert_true(record_of(mutex)->handed_about);
	assert_null(record_of(mutex)->owner);
	TAKE(mutex, one); /* and never given back: somebody else may */
	mutexes_thread_end(one, BY(one));
	assert_int_equal(found.count, 2); /* before, after */
	found.count = 0;
	TAKE(before, other);
	mutexes_releasing(record_of(before), NULL, BY(other), now); /* nobody knows by whom */
	assert_false(record_of(before)->handed_about);
	mutexes_thread_end(other, BY(other));
	assert_nothing_found();
}

/* A mutex that was never unlocked is gone, and a new one is where it was. */
static void address_used_again(void **state)
{
	const void *mutex = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	TAKE(mutex, one);
	TAKE(mutex, other);
	assert_ptr_equal(record_of(mutex)->owner, other);
	mutexes_thread_end(one, BY(one));
	assert_nothing_found();
	TAKE(mutex, other);
	GIVE(mutex, other);
	mutexes_thread_end(other, BY(other));
	assert_nothing_found();
	assert_false(record_of(mutex)->handed_about);
}

static void wrong_bytes(void **state)
{
	const void *mutex = fresh();
	struct mutex_thread *thread = begin(1);
	const struct finding *finding;
	const struct site runtime = {.caller = RUNTIME, .tid = 1};

	(void)state;
	mutexes_report_unlocked(mutex, NULL, BY(thread));
	finding = assert_found(FINDING_MUTEX_UNLOCK_UNLOCKED);
	assert_ptr_equal(finding->object.address, mutex);
	assert_int_equal(finding->object.type, OBJECT_MUTEX);
	assert_int_equal(finding->stories, 1);
	TAKE(mutex, thread);
	GIVE(mutex, thread);
	mutexes_report_unlocked(mutex, record_of(mutex), BY(thread));
	assert_int_equal(story_of(assert_found(FINDING_MUTEX_UNLOCK_UNLOCKED), ROLE_LOCKED)->tid,
			 1);
	mutexes_report_garbage(mutex, NULL, 0xa5, BY(thread));
	finding = assert_found(FINDING_MUTEX_GARBAGE);
	assert_non_null(strstr(finding->message, "0xa5"));
	mutexes_report_unlocked(mutex, NULL, &runtime);
	mutexes_report_garbage(mutex, NULL, 4, &runtime);
	assert_nothing_found();
}

static void long_ones_only_with_a_threshold(void **state)
{
	const void *mutex = fresh();
	struct mutex_thread *thread = begin(1);
	const struct mutex_record *record;
	const struct finding *finding;
	uint64_t limit = clock_from_ns(2000000);

	(void)state;
	for (int on = 0; on < 2; on++) {
		mutexes_host.long_hold = mutexes_host.long_wait = on ? limit : 0;
		TAKE(mutex, thread);
		record = record_of(mutex);
		now += limit - 1;
		assert_false(mutexes_is_long_hold(record, now));
		assert_false(mutexes_is_long_wait(limit - 1));
		assert_int_equal(mutexes_is_long_wait(limit), on);
		now += 1;
		assert_int_equal(mutexes_is_long_hold(record, now), on);
		if (!on)
			GIVE(mutex, thread);
	}
	assert_nothing_found();
	GIVE(mutex, thread);
	finding = assert_found(FINDING_MUTEX_LONG_HOLD);
	assert_string_equal(finding->message, "a mutex was held for 2.0 ms");
	story_of(finding, ROLE_LOCKED);
	mutexes_report_long_wait(record, limit * 1000, BY(thread));
	assert_string_equal(assert_found(FINDING_MUTEX_LONG_WAIT)->message,
			    "a thread waited for a mutex for 2.0 s");
	assert_false(mutexes_is_long_hold(record, now + limit * 2)); /* nobody holds it */
}

static void runtime_is_its_own_business(void **state)
{
	struct mutex_thread *thread = begin(1);
	const struct site site = {.caller = RUNTIME, .tid = 1};

	(void)state;
	for (int judged = 0; judged < 2; judged++) {
		const void *mutex = fresh();

		mutexes_host.judge_runtime = judged;
		take(mutex, thread, &site);
		assert_true(record_of(mutex)->runtime);
		assert_int_equal(record_of(mutex)->acquired, 1);
		start_waiting(mutex, thread, &site);
		stop_waiting(thread);
		mutexes_thread_end(thread, &site);
		assert_int_equal(found.count, judged ? 2 : 0);
	}
	assert_int_equal(found.finding[0].kind, FINDING_MUTEX_SELF_DEADLOCK);
	assert_int_equal(found.finding[1].kind, FINDING_MUTEX_HELD_AT_THREAD_EXIT);
}

static void count_record(const struct mutex_record *record, void *context)
{
	unsigned int *count = context;

	(void)record;
	++*count;
}

static void many_mutexes(void **state)
{
	struct mutex_thread *thread = begin(1);
	const void *first = fresh(), *mutex = first;
	unsigned int before = 0, after = 0;

	(void)state;
	mutexes_for_each(count_record, &before);
	for (int i = 0; i < 100000; i++, mutex = fresh()) {
		TAKE(mutex, thread);
		GIVE(mutex, thread);
	}
	mutexes_for_each(count_record, &after);
	assert_int_equal(after - before, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(record_of((const char *)first + i)->acquired, 1);
	assert_int_equal(mutexes_dropped(), 0);
	assert_nothing_found();
}

/* Its own memory would count as ours. */
static int without_memory(void)
{
	struct mutex_thread *thread = begin(1);
	const struct rlimit none = {0};
	unsigned int refused = 0;

	setrlimit(RLIMIT_AS, &none);
	for (int i = 0; i < 4096; i++)
		refused += mutexes_get(fresh(), BY(thread)) == NULL;
	if (!refused || mutexes_dropped() != refused)
		return 1;
	return mutexes_get(fresh(), BY(thread)) ? 2 : 0;
}

static void exits_well(int (*check)(void))
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(check());
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail_msg("wait status 0x%x", (unsigned int)status);
}

static void what_has_no_record_is_counted(void **state)
{
	(void)state;
	if (under_valgrind()) {
		print_message("skipped: valgrind needs memory\n");
		skip();
	}
	if (emulated()) {
		print_message("skipped: the emulator heeds no limit on memory\n");
		skip();
	}
	exits_well(without_memory);
}

static const void *mine, *theirs;
static struct mutex_thread *survivor;

static int as_child(void)
{
	mutexes_after_fork(true, survivor);
	if (survivor->tid != getpid() || record_of(mine)->owner != survivor ||
	    record_of(theirs)->owner || !record_of(theirs)->orphaned)
		return 1;
	if (record_of(mine)->acquired || record_of(mine)->wait_max)
		return 2;
	ASK(theirs, survivor);
	if (found.count)
		return 3;
	for (int i = 0; i < 2; i++) {
		WAIT(theirs, survivor);
		stop_waiting(survivor);
	}
	if (found.count != 1 || found.finding[0].kind != FINDING_MUTEX_HELD_AT_FORK ||
	    story_of(&found.finding[0], ROLE_LOCKED)->tid != 2)
		return 4;
	GIVE(mine, survivor);
	WAIT(mine, survivor);
	mutexes_thread_end(survivor, BY(survivor));
	return found.count == 1 ? 0 : 5;
}

static void held_at_fork(void **state)
{
	struct mutex_thread *other = begin(2);
	struct mutex_wait waits[2];

	(void)state;
	survivor = begin(1);
	mine = fresh();
	theirs = fresh();
	acquire(mine, survivor, true, 9, BY(survivor));
	TAKE(theirs, other);
	mutexes_before_fork();
	exits_well(as_child);
	mutexes_after_fork(false, survivor);
	assert_ptr_equal(record_of(theirs)->owner, other);
	assert_int_equal(record_of(mine)->acquired, 1);
	WAIT(theirs, survivor);
	assert_int_equal(mutexes_waits(waits, 2), 1);
	stop_waiting(survivor);
	GIVE(mine, survivor);
	GIVE(theirs, other);
	assert_nothing_found();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(found_again, mutexes_host_set_up),
		cmocka_unit_test_setup(named, mutexes_host_set_up),
		cmocka_unit_test_setup(counted, mutexes_host_set_up),
		cmocka_unit_test_setup(unsure_holds_have_no_owner, mutexes_host_set_up),
		cmocka_unit_test_setup(lives_where_it_was_first_seen, mutexes_host_set_up),
		cmocka_unit_test_setup(thread_ends_with_locked_mutexes, mutexes_host_set_up),
		cmocka_unit_test_setup(unlocked_by_others_is_their_way, mutexes_host_set_up),
		cmocka_unit_test_setup(address_used_again, mutexes_host_set_up),
		cmocka_unit_test_setup(wrong_bytes, mutexes_host_set_up),
		cmocka_unit_test_setup(long_ones_only_with_a_threshold, mutexes_host_set_up),
		cmocka_unit_test_setup(runtime_is_its_own_business, mutexes_host_set_up),
		cmocka_unit_test_setup(many_mutexes, mutexes_host_set_up),
		cmocka_unit_test_setup(what_has_no_record_is_counted, mutexes_host_set_up),
		cmocka_unit_test_setup(held_at_fork, mutexes_host_set_up),
	};

	clock_init();
	return cmocka_run_group_tests_name("mutexes", tests, NULL, NULL);
}
