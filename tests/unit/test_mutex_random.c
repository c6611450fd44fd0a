/* SPDX-License-Identifier: MIT */
/*
 * Random operations on mutexes by several threads, done by the core and told to the model as the
 * hooks do, against a reference that knows who holds what because it is written under the mutexes
 * themselves. All threads wait for mutexes in one order, so nothing may be found.
 */
#include "base/clock.h"
#include "chance.h"
#include "core/mutex.h"
#include "model/order.h"
#include "mutexes_host.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <string.h>
#include <unistd.h>

#define THREADS 6
#define MUTEXES 12
#define HELD_MAX 4
#define RESCUES_MAX 3
#define PATIENCE_SECONDS 300

static uint64_t operations = 2000000;
static uint64_t seed;

/* What is so of a mutex, written by whoever holds it and by nobody else. */
struct reference {
	struct mutex_thread *holder;
	uint64_t acquired, contended, changes;
	pid_t last;
	struct mutex mutex;
	bool armed, sure;
};

static struct reference references[MUTEXES];

struct actor {
	pthread_t thread;
	struct mutex_thread *model;
	struct chance chance;
	uint64_t left;
	unsigned int held[HELD_MAX], count; /* in the order in which they were taken */
	uint32_t handed; /* bits of those that the helper is still to unlock (atomic) */
};

static struct actor actors[THREADS];

static const struct site *site_of(const struct actor *actor)
{
	static __thread struct site site;

	site = (struct site){.caller = EXTENSION, .native = 1, .tid = actor->model->tid};
	return &site;
}

#define REQUIRE(actor, condition)                                                                  \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_in(actor, __LINE__, #condition);                                      \
	} while (0)

/* From any thread: the test cannot go on. */
static __attribute__((noreturn)) void fail_in(const struct actor *actor, int line, const char *what)
{
	fprintf(stderr, "line %d: thread %d, with %llu operations to go: not so: %s (seed %llu)\n",
		line, (int)actor->model->tid, (unsigned long long)actor->left, what,
		(unsigned long long)seed);
	abort();
}

static const struct reference *reference_of(const struct mutex_record *record)
{
	const char *mutex = record->address;

	return (const struct reference *)(mutex - offsetof(struct reference, mutex));
}

static uint32_t handed_by(const struct actor *actor)
{
	return __atomic_load_n(&actor->handed, __ATOMIC_SEQ_CST);
}

/* The helper is still to unlock it, or has done so since the context was looked at. */
static bool is_handed(const struct actor *actor, const struct mutex_record *record)
{
	const struct reference *reference = reference_of(record);

	return handed_by(actor) >> (reference - references) & 1 ||
	       peek(actor->model->context_stale);
}

/* What the model thinks the thread holds is what it holds, of the mutexes that tell. */
static void check_context(struct actor *actor)
{
	const struct order_node *node = actor->model->context;
	unsigned int sure = 0, known = 0;

	if (peek(actor->model->context_stale))
		return;
	for (unsigned int i = 0; i < actor->count; i++)
		sure += references[actor->held[i]].sure;
	for (; node; node = node->parent) {
		const struct reference *held = NULL;

		for (unsigned int i = 0; i < actor->count; i++)
			if (&references[actor->held[i]].mutex == node->record->address)
				held = &references[actor->held[i]];
		if (!held && is_handed(actor, node->record))
			continue;
		REQUIRE(actor, held && held->sure);
		known++;
	}
	REQUIRE(actor, known == sure);
}

/* It is the actor's now. */
static void note_taken(struct actor *actor, unsigned int index, bool contended)
{
	struct reference *reference = &references[index];
	const struct mutex_record *record = mutexes_find(&reference->mutex);
	pid_t tid = actor->model->tid;

	REQUIRE(actor, !reference->holder);
	reference->holder = actor->model;
	reference->acquired++;
	reference->contended += contended;
	reference->changes += reference->last && reference->last != tid;
	reference->last = tid;
	actor->held[actor->count++] = index;
	REQUIRE(actor, core_mutex_is_locked(&reference->mutex));
	REQUIRE(actor, peek(record->owner) == (reference->sure ? actor->model : NULL));
	REQUIRE(actor, peek(record->locked.tid) == tid);
	REQUIRE(actor, peek(record->acquired) == reference->acquired);
	check_context(actor);
}

static bool take_it(struct actor *actor, unsigned int index, bool try_only)
{
	struct reference *reference = &references[index];
	struct mutex_request request = {
		.record = mutexes_get(&reference->mutex, site_of(actor)),
		.thread = actor->model,
		.site = site_of(actor),
		.try_only = try_only,
		.sure = reference->sure,
	};
	uint64_t since = clock_ticks(), waited = 0;
	bool taken;

	mutexes_requested(&request);
	taken = core_mutex_try_lock(&reference->mutex, reference->armed);
	if (!taken && try_only)
		return false;
	if (!taken) {
		mutexes_wait_begin(&request, since);
		REQUIRE(actor, peek(actor->model->waiting_for) == request.record);
		core_mutex_lock(&reference->mutex, reference->armed);
		mutexes_wait_end(actor->model);
		REQUIRE(actor, !peek(actor->model->waiting_for));
		waited = ticks_between(since, clock_ticks());
	}
	mutexes_acquired(&request, since, !taken, waited);
	note_taken(actor, index, !taken);
	return true;
}

/* By any thread. */
static void release(struct actor *actor, struct mutex_thread *by, unsigned int index)
{
	struct reference *reference = &references[index];
	bool armed = reference->armed, sure = reference->sure;
	struct mutex_record *record = mutexes_find(&reference->mutex);

	REQUIRE(actor, reference->holder);
	REQUIRE(actor, peek(record->owner) == (sure ? reference->holder : NULL));
	reference->holder = NULL;
	mutexes_releasing(record, by, site_of(actor), clock_ticks());
	REQUIRE(actor, !peek(record->owner));
	core_mutex_unlock(&reference->mutex, armed, false);
}

static void forget(struct actor *actor, unsigned int nth)
{
	actor->count--;
	memmove(&actor->held[nth], &actor->held[nth + 1],
		(actor->count - nth) * sizeof(actor->held[0]));
}

static void give_back(struct actor *actor, unsigned int nth)
{
	unsigned int index = actor->held[nth];

	forget(actor, nth);
	release(actor, actor->model, index);
	check_context(actor);
}

/* One who unlocks what others have locked. */
static struct {
	pthread_mutex_t lock;
	sem_t work;
	unsigned int waiting[MUTEXES], count;
	struct actor *from[MUTEXES];
	bool over;
} helper = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void hand_over(struct actor *actor, unsigned int nth)
{
	unsigned int index = actor->held[nth];

	forget(actor, nth);
	__atomic_fetch_or(&actor->handed, 1U << index, __ATOMIC_SEQ_CST);
	pthread_mutex_lock(&helper.lock);
	helper.from[helper.count] = actor;
	helper.waiting[helper.count++] = index;
	pthread_mutex_unlock(&helper.lock);
	sem_post(&helper.work);
}

/* Whoever is said to wait, or to hold, is one of ours. */
static void check_waits(struct actor *self)
{
	struct mutex_wait waits[THREADS + 1];
	unsigned int count = mutexes_waits(waits, THREADS + 1);

	REQUIRE(self, count <= THREADS);
	for (unsigned int i = 0; i < count; i++) {
		const struct reference *of = reference_of(waits[i].record);

		REQUIRE(self, of >= references && of < references + MUTEXES);
		REQUIRE(self, waits[i].tid > 0 && waits[i].tid <= THREADS);
		REQUIRE(self, waits[i].holder >= 0 && waits[i].holder <= THREADS);
	}
}

static void *help(void *argument)
{
	struct actor *self = argument, *from;
	unsigned int index;

	do {
		while (sem_wait(&helper.work) != 0)
			;
		pthread_mutex_lock(&helper.lock);
		index = helper.count ? helper.waiting[--helper.count] : MUTEXES;
		from = index < MUTEXES ? helper.from[helper.count] : NULL;
		pthread_mutex_unlock(&helper.lock);
		if (from) {
			release(self, chance_one_in(&self->chance, 2) ? self->model : NULL, index);
			__atomic_fetch_and(&from->handed, ~(1U << index), __ATOMIC_SEQ_CST);
		}
		check_waits(self);
	} while (from || !__atomic_load_n(&helper.over, __ATOMIC_ACQUIRE));
	return NULL;
}

static bool holds(const struct actor *actor, unsigned int index)
{
	for (unsigned int i = 0; i < actor->count; i++)
		if (actor->held[i] == index)
			return true;
	return false;
}

/* Ready to wait only for what comes after all that it holds, or may hold still. */
static bool comes_last(const struct actor *actor, unsigned int index)
{
	if (handed_by(actor) >> index)
		return false;
	for (unsigned int i = 0; i < actor->count; i++)
		if (actor->held[i] >= index)
			return false;
	return true;
}

static void take_any(struct actor *actor)
{
	unsigned int index = chance_below(&actor->chance, MUTEXES);

	/* Of one that is handed over, the helper is the last to say that it is done with it. */
	if (handed_by(actor) >> index & 1)
		return;
	if (actor->count < HELD_MAX && !holds(actor, index))
		take_it(actor, index,
			!comes_last(actor, index) || chance_one_in(&actor->chance, 4));
}

static void step(struct actor *actor)
{
	unsigned int what = chance_below(&actor->chance, 16);
	unsigned int nth = actor->count ? chance_below(&actor->chance, actor->count) : 0;

	if (what < 7 || !actor->count)
		take_any(actor);
	else if (what < 14)
		give_back(actor, nth);
	else if (what == 14)
		hand_over(actor, nth);
	else
		sched_yield();
}

static void *act(void *argument)
{
	struct actor *actor = argument;

	for (; actor->left; actor->left--)
		step(actor);
	while (actor->count)
		give_back(actor, chance_below(&actor->chance, actor->count));
	while (handed_by(actor))
		sched_yield();
	mutexes_thread_end(actor->model, site_of(actor));
	return NULL;
}

static void check_end(const struct reference *reference)
{
	const struct mutex_record *record = mutexes_find(&reference->mutex);

	assert_int_equal(core_mutex_bits(&reference->mutex) & MUTEX_LOCKED, 0);
	assert_int_equal(core_mutex_waiters(&reference->mutex), 0);
	assert_null(reference->holder);
	assert_non_null(record);
	assert_int_equal(record->acquired, reference->acquired);
	assert_int_equal(record->contended, reference->contended);
	assert_int_equal(record->owner_changes, reference->changes);
	assert_null(record->owner);
	assert_int_equal(record->waiters, 0);
	assert_true(record->wait_max <= record->wait_total);
}

static void start(struct actor *actor, unsigned int number, void *(*work)(void *))
{
	actor->model = begin((pid_t)number + 1);
	actor->chance.state = seed * (THREADS + 1) + number;
	actor->left = operations / THREADS;
	assert_int_equal(pthread_create(&actor->thread, NULL, work, actor), 0);
}

static void test_random(void **state)
{
	struct chance chance = {seed};
	struct actor helping = {0};
	uint64_t rescued = core_mutex_rescues();

	(void)state;
	for (unsigned int i = 0; i < MUTEXES; i++) {
		references[i].armed = chance_one_in(&chance, 3);
		references[i].sure = references[i].armed || !chance_one_in(&chance, 3);
	}
	sem_init(&helper.work, 0, 0);
	start(&helping, THREADS - 1, help);
	for (unsigned int i = 0; i < THREADS - 1; i++)
		start(&actors[i], i, act);
	for (unsigned int i = 0; i < THREADS - 1; i++)
		pthread_join(actors[i].thread, NULL);
	__atomic_store_n(&helper.over, true, __ATOMIC_RELEASE);
	sem_post(&helper.work);
	pthread_join(helping.thread, NULL);
	for (unsigned int i = 0; i < MUTEXES; i++)
		check_end(&references[i]);
	/* One that unlocks may be stopped right before it looks who waits. */
	assert_true(core_mutex_rescues() - rescued <= RESCUES_MAX);
	assert_nothing_found();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_random, mutexes_host_set_up),
	};

	operations = chance_variable("PYTHREAD_TRACE_STRESS", operations);
	seed = chance_seed();
	clock_init();
	alarm(PATIENCE_SECONDS);
	return cmocka_run_group_tests_name("random operations on mutexes", tests, NULL, NULL);
}
