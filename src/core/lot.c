/* SPDX-License-Identifier: MIT */
#include "core/lot.h"

#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <time.h>
#include <utlist.h>

/* How long a waiter trusts that it will be woken, at first and at last. */
#define TRUST_LEAST_NS (1 * NS_PER_MS)
#define TRUST_MOST_NS (50 * NS_PER_MS)

/* What is left to one that has unlocked, and is just about to look who waits. */
#define UNLOCKER_NS (10 * NS_PER_MS)

#define HELD_AND_PARKED (MUTEX_LOCKED | MUTEX_PARKED)

/* On the stack of the thread that waits. */
struct waiter {
	const struct mutex *mutex;
	sem_t woken;
	uint64_t since;
	unsigned int era;
	bool queued; /* under the bucket's lock */
	/* Set right before `woken` is posted, by the last one to touch anything else in here. */
	enum lot_outcome outcome;
	struct waiter *prev, *next;
};

struct bucket {
	pthread_mutex_t lock;
	struct waiter *first; /* the longest wait first */
} __attribute__((aligned(64)));

static struct bucket buckets[MUTEX_BUCKETS] = {
	[0 ... MUTEX_BUCKETS - 1] = {.lock = PTHREAD_MUTEX_INITIALIZER},
};

/* Changed under the bucket's lock, read without. */
struct mutex_waiters mutex_waiters[MUTEX_BUCKETS];

/* One more in each forked child: waiters of an older one are in no queue. */
static unsigned int current_era;
static uint64_t rescues;

static struct bucket *bucket_of(const struct mutex *mutex)
{
	return &buckets[core_mutex_bucket(mutex)];
}

uint64_t core_mutex_rescues(void)
{
	return __atomic_load_n(&rescues, __ATOMIC_RELAXED);
}

static void enqueue(struct bucket *bucket, struct waiter *waiter)
{
	DL_APPEND(bucket->first, waiter);
	waiter->queued = true;
	waiter->era = current_era;
	__atomic_add_fetch(&mutex_waiters[core_mutex_bucket(waiter->mutex)].count, 1,
			   __ATOMIC_SEQ_CST);
}

static void dequeue(struct bucket *bucket, struct waiter *waiter)
{
	DL_DELETE(bucket->first, waiter);
	waiter->queued = false;
	__atomic_sub_fetch(&mutex_waiters[core_mutex_bucket(waiter->mutex)].count, 1,
			   __ATOMIC_SEQ_CST);
}

/* Garbage in the other bits, which CPython minds as little, must not make a waiter spin. */
static bool is_held_and_parked(const struct mutex *mutex)
{
	return (core_mutex_bits(mutex) & HELD_AND_PARKED) == HELD_AND_PARKED;
}

/*
 * Enters the queue, unless the byte has changed. It is read after the waiter has been counted, and
 * whoever unlocks without a look at the queue reads the count after the byte: one sees the other.
 */
static bool enter(struct bucket *bucket, struct waiter *waiter)
{
	bool entered;

	pthread_mutex_lock(&bucket->lock);
	enqueue(bucket, waiter);
	entered = is_held_and_parked(waiter->mutex);
	if (!entered)
		dequeue(bucket, waiter);
	pthread_mutex_unlock(&bucket->lock);
	return entered;
}

/* Leaves the queue. False when somebody has taken the waiter out of it, and posts. */
static bool leave(struct bucket *bucket, struct waiter *waiter)
{
	bool queued;

	pthread_mutex_lock(&bucket->lock);
	queued = waiter->queued;
	if (queued && waiter->era == current_era)
		dequeue(bucket, waiter);
	pthread_mutex_unlock(&bucket->lock);
	return queued;
}

/* Whether it was woken within that time. */
static bool sleep_for(struct waiter *waiter, uint64_t ns)
{
	uint64_t end = clock_monotonic_ns() + ns;
	struct timespec until = {(time_t)(end / NS_PER_S), (long)(end % NS_PER_S)};
	int result;

	do {
		result = sem_clockwait(&waiter->woken, CLOCK_MONOTONIC, &until);
	} while (result && errno == EINTR);
	return result == 0;
}

/* A waiter that twice finds the mutex free has been forgotten, and helps itself. */
static void sleep_until_woken(struct bucket *bucket, struct waiter *waiter)
{
	uint64_t trust = TRUST_LEAST_NS;
	bool found_free = false;

	while (!sleep_for(waiter, found_free ? UNLOCKER_NS : trust)) {
		bool is_free = !is_held_and_parked(waiter->mutex);

		if (is_free && found_free && leave(bucket, waiter)) {
			__atomic_add_fetch(&rescues, 1, __ATOMIC_RELAXED);
			return;
		}
		found_free = is_free;
		trust = 2 * trust < TRUST_MOST_NS ? 2 * trust : TRUST_MOST_NS;
	}
}

enum lot_outcome lot_park(struct mutex *mutex, uint64_t since)
{
	struct bucket *bucket = bucket_of(mutex);
	struct waiter waiter = {.mutex = mutex, .since = since};
	int cancellation;

	/* A cancelled thread would leave its waiter in the queue. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellation);
	sem_init(&waiter.woken, 0, 0);
	if (enter(bucket, &waiter))
		sleep_until_woken(bucket, &waiter);
	sem_destroy(&waiter.woken);
	pthread_setcancelstate(cancellation, &cancellation);
	return __atomic_load_n(&waiter.outcome, __ATOMIC_ACQUIRE);
}

static struct waiter *find(const struct bucket *bucket, const struct mutex *mutex)
{
	struct waiter *waiter;

	DL_SEARCH_SCALAR(bucket->first, waiter, mutex, mutex);
	return waiter;
}

static void wake(struct waiter *waiter, enum lot_outcome outcome)
{
	__atomic_store_n(&waiter->outcome, outcome, __ATOMIC_RELEASE);
	sem_post(&waiter->woken);
}

bool lot_unlock(struct mutex *mutex, bool keep_parked)
{
	struct bucket *bucket = bucket_of(mutex);
	enum lot_outcome outcome = LOT_CHANGED;
	struct waiter *waiter;
	uint8_t bits = 0;

	pthread_mutex_lock(&bucket->lock);
	waiter = find(bucket, mutex);
	if (waiter) {
		dequeue(bucket, waiter);
		if (keep_parked || find(bucket, mutex))
			bits |= MUTEX_PARKED;
		if (clock_monotonic_ns() - waiter->since > MUTEX_FAIR_NS) {
			bits |= MUTEX_LOCKED;
			outcome = LOT_HANDED;
		}
		__atomic_store_n(&mutex->bits, bits, __ATOMIC_SEQ_CST);
	}
	pthread_mutex_unlock(&bucket->lock);
	if (waiter)
		wake(waiter, outcome);
	return waiter != NULL;
}

/*
 * All: MUTEX_PARKED may be gone, so whoever takes it next knows of nobody, and may unlock without
 * a call. Those that come too late say again that they wait.
 */
void core_mutex_wake(const struct mutex *mutex)
{
	struct bucket *bucket = bucket_of(mutex);
	struct waiter *waiter, *taken = NULL;

	if (!core_mutex_waiters(mutex))
		return;
	pthread_mutex_lock(&bucket->lock);
	while ((waiter = find(bucket, mutex))) {
		dequeue(bucket, waiter);
		DL_APPEND(taken, waiter);
	}
	pthread_mutex_unlock(&bucket->lock);
	while ((waiter = taken)) {
		DL_DELETE(taken, waiter);
		wake(waiter, LOT_CHANGED);
	}
}

void core_mutex_after_fork(void)
{
	for (unsigned int i = 0; i < MUTEX_BUCKETS; i++) {
		pthread_mutex_init(&buckets[i].lock, NULL);
		mutex_waiters[i].count = 0;
		buckets[i].first = NULL;
	}
	current_era++;
	rescues = 0;
}
