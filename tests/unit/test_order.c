/* SPDX-License-Identifier: MIT */
/* The order in which threads take mutexes: what may deadlock, and what cannot. */
#include "base/clock.h"
#include "chance.h"
#include "mutexes_host.h"

#include <string.h>

/* Takes both, and gives them back. */
static void both(const void *one, const void *other, struct mutex_thread *thread)
{
	TAKE(one, thread);
	TAKE(other, thread);
	GIVE(other, thread);
	GIVE(one, thread);
}

/* The other one without waiting. */
static void try_inside(const void *one, const void *other, struct mutex_thread *thread)
{
	TAKE(one, thread);
	TRY(other, thread);
	GIVE(other, thread);
	GIVE(one, thread);
}

static void two_threads_two_orders(void **state)
{
	const void *a = fresh(), *b = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);
	const struct finding *finding;

	(void)state;
	mutexes_name(a, "accounts", BY(one));
	both(a, b, one);
	both(a, b, one); /* with full stacks now */
	assert_nothing_found();
	both(b, a, other);
	finding = assert_found(FINDING_MUTEX_LOCK_ORDER);
	assert_ptr_equal(finding->object.address, a);
	assert_string_equal(finding->object.name, "accounts");
	assert_int_equal(finding->others, 1);
	assert_ptr_equal(finding->other[0].address, b);
	assert_non_null(strstr(finding->message, "mutex 'accounts' is taken while 0x"));
	assert_int_equal(finding->stories, 4);
	assert_int_equal(story_of(finding, ROLE_HERE)->tid, 2);
	assert_int_equal(story_of(finding, ROLE_LOCKED)->tid, 2);
	assert_int_equal(story_of(finding, ROLE_OTHER)->tid, 1);
	assert_int_equal(nth_story_of(finding, ROLE_OTHER, 1)->tid, 1);
	for (unsigned int i = 0; i < finding->stories; i++)
		assert_true(finding->story[i].site.native != 0);
	both(b, a, other);
	both(a, b, other);
	both(b, a, one);
	both(b, a, begin(3));
	assert_nothing_found(); /* said once */
}

static void one_thread_alone(void **state)
{
	const void *a = fresh(), *b = fresh(), *c = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	both(a, b, one);
	both(b, a, one);
	both(b, c, one);
	both(c, a, one);
	both(a, c, one);
	both(a, b, other);
	assert_found(FINDING_MUTEX_LOCK_ORDER); /* it is not alone any more */
}

static void under_one_gate(void **state)
{
	const void *gate = fresh(), *inner_gate = fresh(), *a = fresh(), *b = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	TAKE(gate, one);
	both(a, b, one);
	GIVE(gate, one);
	TAKE(gate, other);
	both(b, a, other);
	GIVE(gate, other);
	assert_nothing_found();
	both(a, b, one); /* once without */
	assert_found(FINDING_MUTEX_LOCK_ORDER);

	a = fresh();
	b = fresh();
	TAKE(a, one);
	both(inner_gate, b, one);
	GIVE(a, one);
	TAKE(b, other);
	TAKE(inner_gate, other);
	assert_found(FINDING_MUTEX_LOCK_ORDER); /* of the gate and b */
	ASK(a, other);
	assert_found(FINDING_MUTEX_LOCK_ORDER); /* of a and the gate, but not of a and b */
	GIVE(inner_gate, other);
	GIVE(b, other);
}

static void gates_of_their_own(void **state)
{
	const void *gate = fresh(), *other_gate = fresh(), *a = fresh(), *b = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	TAKE(gate, one);
	both(a, b, one);
	GIVE(gate, one);
	TAKE(other_gate, other);
	both(b, a, other);
	GIVE(other_gate, other);
	assert_found(FINDING_MUTEX_LOCK_ORDER);
}

static void tries_set_no_order(void **state)
{
	const void *a = fresh(), *b = fresh(), *c = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	both(a, b, one);
	TAKE(b, other);
	TRY(a, other);
	GIVE(a, other);
	GIVE(b, other);
	assert_nothing_found();
	both(c, a, one);
	TRY(a, other); /* held all the same */
	TAKE(c, other);
	assert_found(FINDING_MUTEX_LOCK_ORDER);
	GIVE(c, other);
	GIVE(a, other);
	TRY(a, one); /* a thread that tried is no partner for itself */
	TRY(b, one);
	GIVE(b, one);
	GIVE(a, one);
	assert_nothing_found();
}

static void a_try_is_no_partner(void **state)
{
	const void *a = fresh(), *b = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	try_inside(a, b, one);
	both(a, b, other);
	both(b, a, other);
	assert_nothing_found();
}

static void rings(void **state)
{
	for (unsigned int size = 3; size <= 4; size++) {
		const void *mutex[4];
		struct mutex_thread *thread[4];
		const struct finding *finding;

		(void)state;
		for (unsigned int i = 0; i < size; i++) {
			mutex[i] = fresh();
			thread[i] = begin((pid_t)i + 1);
		}
		for (unsigned int i = 0; i < size; i++) {
			assert_nothing_found();
			both(mutex[i], mutex[(i + 1) % size], thread[i]);
		}
		finding = assert_found(FINDING_MUTEX_LOCK_ORDER);
		assert_int_equal(finding->stories, 2 * size);
		assert_int_equal(finding->others, size - 1);
		for (unsigned int i = 1; i < size; i++)
			assert_ptr_equal(finding->other[i - 1].address, mutex[size - i]);
		assert_int_equal(story_of(finding, ROLE_HERE)->tid, size);
		for (unsigned int i = 1; i < size; i++)
			assert_int_equal(nth_story_of(finding, ROLE_OTHER, 2 * (i - 1))->tid,
					 size - i);
	}
}

/* Two threads cannot close a ring of three. */
static void too_few_threads(void **state)
{
	const void *a = fresh(), *b = fresh(), *c = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	both(a, b, one);
	both(b, c, other);
	both(c, a, one);
	assert_nothing_found();
	both(c, a, begin(3));
	assert_found(FINDING_MUTEX_LOCK_ORDER);
}

static void hand_over_hand(void **state)
{
	const void *mutex[50];
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	for (int i = 0; i < 50; i++)
		mutex[i] = fresh();
	for (int round = 0; round < 4; round++) {
		struct mutex_thread *thread = round % 2 ? other : one;

		TAKE(mutex[0], thread);
		for (int i = 1; i < 50; i++) {
			TAKE(mutex[i], thread);
			GIVE(mutex[i - 1], thread);
		}
		GIVE(mutex[49], thread);
		mutexes_thread_end(thread, BY(thread));
	}
	assert_nothing_found();
	both(mutex[0], mutex[49], one); /* never held together */
	both(mutex[49], mutex[0], other);
	assert_found(FINDING_MUTEX_LOCK_ORDER);
}

static void given_back_out_of_order(void **state)
{
	const void *a = fresh(), *b = fresh(), *c = fresh(), *d = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	both(d, a, one); /* a is not held when the other one takes d */
	TAKE(a, other);
	TAKE(b, other);
	TAKE(c, other);
	GIVE(a, other);
	TAKE(d, other);
	assert_nothing_found();
	GIVE(d, other);
	both(d, b, one); /* b still was */
	assert_found(FINDING_MUTEX_LOCK_ORDER);
	both(d, c, one);
	assert_found(FINDING_MUTEX_LOCK_ORDER);
	GIVE(b, other);
	GIVE(c, other);
	mutexes_thread_end(other, BY(other));
	assert_nothing_found();
}

static void handed_about_takes_no_part(void **state)
{
	const void *a = fresh(), *b = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	TAKE(a, one);
	GIVE(a, other);
	TAKE(b, one); /* a is not held any more */
	GIVE(b, one);
	both(a, b, one);
	both(b, a, other);
	assert_nothing_found();
}

static void handed_about_by_one_that_ended(void **state)
{
	const void *a = fresh(), *b = fresh();
	struct mutex_thread *gone = begin(1), *one = begin(2), *other = begin(3);

	(void)state;
	TAKE(a, gone);
	mutexes_thread_end(gone, BY(gone));
	assert_found(FINDING_MUTEX_HELD_AT_THREAD_EXIT);
	GIVE(a, other);
	assert_true(record_of(a)->handed_about);
	both(a, b, one);
	both(b, a, other);
	assert_nothing_found();
}

/* Each new one belongs right between the one before it and the last: there is always room. */
static void always_one_more_between(void **state)
{
	enum { COUNT = 200 };
	const void *mutex[COUNT], *last = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	both(fresh(), last, one);
	for (int i = 0; i < COUNT; i++) {
		mutex[i] = fresh();
		both(fresh(), mutex[i], one);
		if (i)
			both(mutex[i - 1], mutex[i], one);
		both(mutex[i], last, one);
	}
	for (int i = 1; i < COUNT; i++)
		both(mutex[i - 1], mutex[i], other);
	assert_nothing_found();
	for (int i = COUNT - 1; i; i--) {
		both(mutex[i], mutex[i - 1], other);
		assert_found(FINDING_MUTEX_LOCK_ORDER);
	}
	both(last, mutex[0], other);
	assert_found(FINDING_MUTEX_LOCK_ORDER);
	assert_int_equal(mutexes_dropped(), 0);
}

/* The order is known from a request, whether or not it got what it wanted. */
static void requests_are_enough(void **state)
{
	const void *a = fresh(), *b = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	TAKE(a, one);
	TAKE(b, other);
	ASK(b, one);
	ASK(a, other);
	assert_found(FINDING_MUTEX_LOCK_ORDER);
	GIVE(a, one);
	GIVE(b, other);
}

/* What was only tried before, or held on, says nothing of those who wait. */
static void asked_for_after_a_try(void **state)
{
	const void *a = fresh(), *b = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	try_inside(a, b, one);
	both(a, b, one);
	assert_nothing_found();
	both(b, a, other);
	assert_found(FINDING_MUTEX_LOCK_ORDER);
}

static void asked_for_after_a_gate_is_given_back(void **state)
{
	const void *gate = fresh(), *a = fresh(), *b = fresh(), *c = fresh();
	struct mutex_thread *one = begin(1), *other = begin(2);

	(void)state;
	TAKE(gate, one);
	TAKE(a, one);
	TAKE(b, one);
	GIVE(gate, one);
	TAKE(c, one); /* now it is known to hold a and b alone */
	GIVE(c, one);
	GIVE(b, one);
	GIVE(a, one);
	both(a, b, one);
	TAKE(gate, other);
	both(b, a, other);
	GIVE(gate, other);
	assert_found(FINDING_MUTEX_LOCK_ORDER);
}

static void stacks_are_asked_for_once(void **state)
{
	const void *a = fresh(), *b = fresh();
	struct mutex_thread *thread = begin(1);
	struct mutex_record *first, *second;

	(void)state;
	first = mutexes_get(a, BY(thread));
	second = mutexes_get(b, BY(thread));
	assert_false(mutexes_wants_stack(first, thread));
	TAKE(a, thread);
	assert_true(mutexes_wants_stack(second, thread));
	TAKE(b, thread);
	GIVE(b, thread);
	assert_false(mutexes_wants_stack(second, thread));
	GIVE(a, thread);
	assert_true(mutexes_wants_stack(first, thread));
	TAKE(a, thread);
	GIVE(a, thread);
	assert_false(mutexes_wants_stack(first, thread));
}

static double seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

#define DEEP 10000

static void ten_thousand_nested(void **state)
{
	static const void *mutex[DEEP];
	struct mutex_thread *threads[] = {begin(1), begin(2), begin(3)};
	double before = seconds();

	(void)state;
	for (int i = 0; i < DEEP; i++)
		mutex[i] = fresh();
	for (unsigned int t = 0; t < countof(threads); t++) {
		for (int i = 0; i < DEEP; i++)
			TAKE(mutex[i], threads[t]);
		for (int i = 0; i < DEEP; i++) /* the hard way: the first one first */
			GIVE(mutex[t == 1 ? i : DEEP - 1 - i], threads[t]);
		mutexes_thread_end(threads[t], BY(threads[t]));
	}
	assert_nothing_found();
	assert_int_equal(mutexes_dropped(), 0);
	both(mutex[DEEP - 1], mutex[0], threads[0]);
	assert_found(FINDING_MUTEX_LOCK_ORDER);
	if (seconds() - before > 20)
		fail_msg("took %.1f s", seconds() - before);
}

/*
 * Random threads on few mutexes, held against a list of all requests that is searched in the
 * plainest way.
 */
#define MUTEXES 5
#define THREADS 3
#define REQUESTS_MAX 4096
#define RING_MAX 4

static struct request {
	int held[MUTEXES], count, wanted;
	int thread[2]; /* -1: none yet */
	bool many;
} requests[REQUESTS_MAX];
static unsigned int request_count;
static bool was_told[1U << MUTEXES]; /* by set of mutexes */

static unsigned int set_of(const struct request *request)
{
	unsigned int set = 0;

	for (int i = 0; i < request->count; i++)
		set |= 1U << request->held[i];
	return set;
}

static bool differ(const struct request *const *ring, int size, int place, int *thread)
{
	if (place == size)
		return true;
	for (int i = 0; i < 2; i++) {
		bool taken = ring[place]->thread[i] < 0;

		for (int j = 0; j < place; j++)
			taken = taken || thread[j] == ring[place]->thread[i];
		thread[place] = ring[place]->thread[i];
		if (!taken && differ(ring, size, place + 1, thread))
			return true;
	}
	thread[place] = -1;
	return ring[place]->many && differ(ring, size, place + 1, thread);
}

static unsigned int search(const struct request **ring, int size, int place, int first_thread)
{
	unsigned int found_now = 0, held = 0, set = 0;
	int thread[RING_MAX] = {first_thread};

	for (int i = 0; i < place; i++)
		held |= set_of(ring[i]);
	for (unsigned int i = 0; i < request_count && place < size; i++) {
		const struct request *next = &requests[i];

		if (!(set_of(ring[place - 1]) & 1U << next->wanted) || (set_of(next) & held))
			continue;
		ring[place] = next;
		found_now += search(ring, size, place + 1, first_thread);
	}
	if (place < size || !(set_of(ring[size - 1]) & 1U << ring[0]->wanted) ||
	    !differ(ring, size, 1, thread))
		return found_now;
	for (int i = 0; i < size; i++)
		set |= 1U << ring[i]->wanted;
	if (was_told[set])
		return 0;
	was_told[set] = true;
	return 1;
}

static bool is_same(const struct request *one, const struct request *other)
{
	return one->wanted == other->wanted && one->count == other->count &&
	       memcmp(one->held, other->held, sizeof(int) * (size_t)one->count) == 0;
}

/* How many findings the request is worth. */
static unsigned int expect(const struct request *new, int thread)
{
	struct request *known = requests;
	const struct request *ring[RING_MAX];
	unsigned int expected = 0;

	while (known < &requests[request_count] && !is_same(known, new))
		known++;
	if (known == &requests[request_count]) {
		requests[request_count++] = *new;
		known->thread[0] = known->thread[1] = -1;
	}
	if (known->thread[0] == thread || known->thread[1] == thread || known->many)
		return 0;
	if (known->thread[0] < 0)
		known->thread[0] = thread;
	else if (known->thread[1] < 0)
		known->thread[1] = thread;
	else
		known->many = true;
	ring[0] = known;
	for (int size = 2; size <= RING_MAX && !expected; size++)
		expected = search(ring, size, 1, thread);
	return expected;
}

static unsigned int seed;

static int random_below(int limit)
{
	seed = seed * 1103515245 + 12345;
	return (int)((seed >> 16) % (unsigned int)limit);
}

static void forget(struct request *held, int mutex)
{
	int kept = 0;

	for (int i = 0; i < held->count; i++) {
		if (held->held[i] != mutex)
			held->held[kept++] = held->held[i];
	}
	held->count = kept;
}

/* One life of a few mutexes and threads. False: so tangled that not all can be reported at once. */
static bool live(unsigned int steps)
{
	const void *mutex[MUTEXES];
	struct mutex_thread *thread[THREADS];
	struct request held[THREADS] = {0};
	unsigned int taken = 0;

	for (int i = 0; i < MUTEXES; i++)
		mutex[i] = fresh();
	for (int i = 0; i < THREADS; i++)
		thread[i] = begin(i + 1);
	request_count = 0;
	memset(was_told, 0, sizeof(was_told));
	for (unsigned int step = 0; step < steps; step++) {
		int t = random_below(THREADS), m = random_below(MUTEXES);
		bool mine = set_of(&held[t]) & 1U << m, try = random_below(4) == 0;

		if (mine) {
			GIVE(mutex[m], thread[t]);
			forget(&held[t], m);
			taken &= ~(1U << m);
			continue;
		}
		if (!try && held[t].count) {
			unsigned int expected;

			held[t].wanted = m;
			expected = expect(&held[t], t);
			ASK(mutex[m], thread[t]);
			if (expected > 4)
				return false;
			if (found.count != expected)
				fail_msg("seed %u, step %u: %u findings, not %u", seed, step,
					 found.count, expected);
			found.count = 0;
		}
		if (taken & 1U << m)
			continue;
		if (try)
			TRY(mutex[m], thread[t]);
		else
			TAKE(mutex[m], thread[t]);
		assert_nothing_found();
		held[t].held[held[t].count++] = m;
		taken |= 1U << m;
	}
	return true;
}

static void like_the_plain_search(void **state)
{
	unsigned int first = (unsigned int)chance_seed();
	unsigned int complete = 0;

	(void)state;
	for (unsigned int i = 0; i < 300; i++) {
		seed = first + i * 7919;
		complete += live(20 + i % 200);
		found.count = 0;
	}
	assert_true(complete > 200);
	assert_int_equal(mutexes_dropped(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(two_threads_two_orders, mutexes_host_set_up),
		cmocka_unit_test_setup(one_thread_alone, mutexes_host_set_up),
		cmocka_unit_test_setup(under_one_gate, mutexes_host_set_up),
		cmocka_unit_test_setup(gates_of_their_own, mutexes_host_set_up),
		cmocka_unit_test_setup(tries_set_no_order, mutexes_host_set_up),
		cmocka_unit_test_setup(a_try_is_no_partner, mutexes_host_set_up),
		cmocka_unit_test_setup(rings, mutexes_host_set_up),
		cmocka_unit_test_setup(too_few_threads, mutexes_host_set_up),
		cmocka_unit_test_setup(hand_over_hand, mutexes_host_set_up),
		cmocka_unit_test_setup(given_back_out_of_order, mutexes_host_set_up),
		cmocka_unit_test_setup(handed_about_takes_no_part, mutexes_host_set_up),
		cmocka_unit_test_setup(handed_about_by_one_that_ended, mutexes_host_set_up),
		cmocka_unit_test_setup(always_one_more_between, mutexes_host_set_up),
		cmocka_unit_test_setup(requests_are_enough, mutexes_host_set_up),
		cmocka_unit_test_setup(asked_for_after_a_try, mutexes_host_set_up),
		cmocka_unit_test_setup(asked_for_after_a_gate_is_given_back, mutexes_host_set_up),
		cmocka_unit_test_setup(stacks_are_asked_for_once, mutexes_host_set_up),
		cmocka_unit_test_setup(ten_thousand_nested, mutexes_host_set_up),
		cmocka_unit_test_setup(like_the_plain_search, mutexes_host_set_up),
	};

	clock_init();
	return cmocka_run_group_tests_name("order of mutexes", tests, NULL, NULL);
}
