/* SPDX-License-Identifier: MIT */
/* Who waits for whom: deadlocks of one, two and more threads, and what only looks like them. */
#include "base/clock.h"
#include "mutexes_host.h"

#include <pthread.h>
#include <string.h>

static void waits_for_itself(void **state)
{
	const void *mutex = fresh();
	struct mutex_thread *thread = begin(1), *other = begin(2);
	const struct finding *finding;

	(void)state;
	TAKE(mutex, thread);
	WAIT(mutex, other);
	stop_waiting(other);
	assert_nothing_found();
	ASK(mutex, thread);
	WAIT(mutex, thread);
	finding = assert_found(FINDING_MUTEX_SELF_DEADLOCK);
	assert_ptr_equal(finding->object.address, mutex);
	assert_int_equal(story_of(finding, ROLE_HERE)->tid, 1);
	assert_int_equal(story_of(finding, ROLE_LOCKED)->tid, 1);
	stop_waiting(thread);
	GIVE(mutex, thread);
}

/* Each thread holds its mutex and waits for the next one's; the last one closes the ring. */
static void hold_and_wait(struct mutex_thread **thread, unsigned int count, bool close)
{
	const void *mutex[8];

	for (unsigned int i = 0; i < count; i++) {
		mutex[i] = fresh();
		thread[i] = begin((pid_t)(i + 1));
		TAKE(mutex[i], thread[i]);
	}
	for (unsigned int i = 0; i + !close < count; i++) {
		assert_nothing_found();
		start_waiting(mutex[(i + 1) % count], thread[i], BY(thread[i]));
	}
}

static void let_go(struct mutex_thread **thread, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		stop_waiting(thread[i]);
}

static void deadlocks(void **state)
{
	struct mutex_thread *thread[8];
	char threads[] = "N threads";

	(void)state;
	for (unsigned int count = 2; count <= 8; count++) {
		const struct finding *finding;
		unsigned int told = count < 4 ? count : 4;

		hold_and_wait(thread, count, true);
		finding = assert_found(FINDING_MUTEX_DEADLOCK);
		threads[0] = (char)('0' + count);
		assert_ptr_equal(strstr(finding->message, threads), finding->message);
		assert_int_equal(finding->stories, 2 * told);
		assert_int_equal(story_of(finding, ROLE_HERE)->tid, count);
		assert_int_equal(finding->others, told - 1);
		for (unsigned int i = 0; i < told; i++)
			assert_int_equal(nth_story_of(finding, ROLE_LOCKED, i)->tid, i + 1);
		for (unsigned int i = 0; i + 1 < told; i++)
			assert_int_equal(nth_story_of(finding, ROLE_OTHER, i)->tid, i + 1);
		let_go(thread, count);
	}
}

static void chains_are_no_rings(void **state)
{
	struct mutex_thread *thread[8];
	struct mutex_wait waits[2];

	(void)state;
	hold_and_wait(thread, 8, false);
	assert_nothing_found();
	assert_int_equal(mutexes_waits(waits, 2), 7);
	let_go(thread, 8);
	assert_int_equal(mutexes_waits(waits, 2), 0);
}

/* A thread outside the ring waits for one in it: an old story. */
static void a_ring_is_told_once(void **state)
{
	struct mutex_thread *thread[2], *outside = begin(3);
	const void *mutex;

	(void)state;
	hold_and_wait(thread, 2, true);
	mutex = thread[0]->waiting_for->address; /* held by thread[1] */
	assert_found(FINDING_MUTEX_DEADLOCK);
	WAIT(mutex, outside);
	assert_nothing_found();
	stop_waiting(outside);
	WAIT(mutex, thread[1]); /* what it held: a ring of its own, and nobody else's */
	assert_found(FINDING_MUTEX_SELF_DEADLOCK);
	let_go(thread, 2);
}

static struct mutex_thread *slow;
static const void *slow_waits_for;

/* Another one, which told that it waits before the ring was closed, looks round only now. */
static void keep_and_look_again(const struct finding *finding)
{
	mutexes_host.finding = found_keep;
	found_keep(finding);
	WAIT(slow_waits_for, slow);
}

static void two_see_the_same_ring(void **state)
{
	const void *one = fresh(), *other = fresh();
	struct mutex_thread *last = begin(2);

	(void)state;
	slow = begin(1);
	slow_waits_for = other;
	TAKE(one, slow);
	TAKE(other, last);
	WAIT(other, slow);
	mutexes_host.finding = keep_and_look_again;
	WAIT(one, last);
	assert_found(FINDING_MUTEX_DEADLOCK);
	stop_waiting(slow);
	stop_waiting(last);
}

#define CLOSERS 3
#define ROUNDS 300

static pthread_barrier_t barrier;
static const void *held_by[CLOSERS];

/* Each takes its mutex, and all wait for the next one's at the same moment. */
static void *close_ring(void *argument)
{
	unsigned int number = *(const unsigned int *)argument;
	struct mutex_thread *thread = begin((pid_t)number + 1);

	pthread_barrier_wait(&barrier);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		TAKE(held_by[number], thread);
		pthread_barrier_wait(&barrier);
		WAIT(held_by[(number + 1) % CLOSERS], thread);
		pthread_barrier_wait(&barrier);
		stop_waiting(thread);
		GIVE(held_by[number], thread);
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

static void all_close_at_once(void **state)
{
	static unsigned int numbers[CLOSERS];
	pthread_t threads[CLOSERS];

	(void)state;
	pthread_barrier_init(&barrier, NULL, CLOSERS);
	for (unsigned int i = 0; i < CLOSERS; i++) {
		numbers[i] = i;
		held_by[i] = fresh();
	}
	for (unsigned int i = 0; i < CLOSERS; i++)
		pthread_create(&threads[i], NULL, close_ring, &numbers[i]);
	for (unsigned int i = 0; i < CLOSERS; i++)
		pthread_join(threads[i], NULL);
	for (unsigned int i = 0; i < FINDINGS_MAX; i++)
		assert_int_equal(found.finding[i].kind, FINDING_MUTEX_DEADLOCK);
	assert_int_equal(found.count, ROUNDS);
}

static void semaphores_are_no_deadlock(void **state)
{
	const void *signal = fresh(), *mutex = fresh();
	struct mutex_thread *waiter = begin(1), *waker = begin(2);

	(void)state;
	TAKE(signal, waiter);
	GIVE(signal, waker);
	TAKE(signal, waiter);
	WAIT(signal, waiter); /* until the waker unlocks it */
	stop_waiting(waiter);
	TAKE(mutex, waker);
	WAIT(mutex, waiter);
	WAIT(signal, waker);
	assert_nothing_found();
	stop_waiting(waiter);
	stop_waiting(waker);
	mutexes_thread_end(waiter, BY(waiter));
	assert_nothing_found();
}

static void tries_do_not_wait(void **state)
{
	struct mutex_thread *thread[2];
	const void *mutex = fresh();
	struct mutex_request request;

	(void)state;
	hold_and_wait(thread, 2, false);
	TAKE(mutex, thread[1]);
	request = (struct mutex_request){.record = record_of(mutex),
					 .thread = thread[1],
					 .site = BY(thread[1]),
					 .try_only = true,
					 .sure = true};
	mutexes_wait_begin(&request, now);
	assert_nothing_found();
	let_go(thread, 2);
}

static void waits_are_told(void **state)
{
	const void *mutex = fresh();
	struct mutex_thread *holder = begin(11), *waiter = begin(12);
	struct mutex_wait wait;
	const struct finding *finding;

	(void)state;
	TAKE(mutex, holder);
	now += 5;
	WAIT(mutex, waiter);
	assert_int_equal(mutexes_waits(&wait, 1), 1);
	assert_ptr_equal(wait.record, record_of(mutex));
	assert_int_equal(wait.tid, 12);
	assert_int_equal(wait.since, now);
	assert_int_equal(wait.site.tid, 12);
	assert_int_equal(wait.holder, 11);
	assert_int_equal(wait.held_since, now - 5);
	assert_int_equal(wait.locked.tid, 11);
	mutexes_report_hang(&wait, now + clock_from_ns(UINT64_C(30000000000)), 1);
	finding = assert_found(FINDING_HANG);
	assert_string_equal(
		finding->message,
		"a thread has waited for a mutex for 30.0 s; 1 thread waits at this moment");
	assert_int_equal(story_of(finding, ROLE_LOCKED)->tid, 11);
	stop_waiting(waiter);
	assert_int_equal(mutexes_waits(&wait, 1), 0);
	mutexes_thread_begin(waiter, 13); /* a block is used again, and still in the list */
	WAIT(mutex, waiter);
	assert_int_equal(mutexes_waits(&wait, 1), 1);
	assert_int_equal(wait.tid, 13);
	mutexes_thread_end(waiter, BY(waiter));
	assert_int_equal(mutexes_waits(&wait, 1), 0);
	GIVE(mutex, holder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(waits_for_itself, mutexes_host_set_up),
		cmocka_unit_test_setup(deadlocks, mutexes_host_set_up),
		cmocka_unit_test_setup(chains_are_no_rings, mutexes_host_set_up),
		cmocka_unit_test_setup(a_ring_is_told_once, mutexes_host_set_up),
		cmocka_unit_test_setup(two_see_the_same_ring, mutexes_host_set_up),
		cmocka_unit_test_setup(all_close_at_once, mutexes_host_set_up),
		cmocka_unit_test_setup(semaphores_are_no_deadlock, mutexes_host_set_up),
		cmocka_unit_test_setup(tries_do_not_wait, mutexes_host_set_up),
		cmocka_unit_test_setup(waits_are_told, mutexes_host_set_up),
	};

	clock_init();
	return cmocka_run_group_tests_name("waits for mutexes", tests, NULL, NULL);
}
