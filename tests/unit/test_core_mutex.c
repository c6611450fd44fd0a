/* SPDX-License-Identifier: MIT */
/*
 * The core's PyMutex, alone and beside a second parking lot on the same byte. An argument, or
 * PYTHREAD_TRACE_STRESS, is another number of operations for the long tests.
 */
#include "base/clock.h"
#include "core/mutex.h"
#include "surroundings.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define THREADS 8
#define LONG_HOLD_NS 1500000

static unsigned long operations = 10000000;

static void sleep_ns(long ns)
{
	struct timespec time = {0, ns};

	while (nanosleep(&time, &time) && errno == EINTR)
		continue;
}

/* Whether there is another lot. */
static bool two_lots;

static void unlock(struct mutex *mutex, bool armed)
{
	core_mutex_unlock(mutex, armed, two_lots);
}

/* What the interpreter's headers put into every extension. */
static void inlined_lock(struct mutex *mutex, bool armed)
{
	uint8_t free = 0;

	if (!__atomic_compare_exchange_n(&mutex->bits, &free, MUTEX_LOCKED, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		core_mutex_lock(mutex, armed);
}

static void inlined_unlock(struct mutex *mutex, bool armed)
{
	uint8_t held = MUTEX_LOCKED;

	if (!__atomic_compare_exchange_n(&mutex->bits, &held, 0, false, __ATOMIC_RELEASE,
					 __ATOMIC_RELAXED))
		unlock(mutex, armed);
}

static void test_bits(void **state)
{
	struct mutex mutex = {0};

	(void)state;
	core_mutex_lock(&mutex, false);
	assert_int_equal(mutex.bits, MUTEX_LOCKED);
	assert_true(core_mutex_is_locked(&mutex));
	assert_false(core_mutex_try_lock(&mutex, false));
	unlock(&mutex, false);
	assert_int_equal(mutex.bits, 0);
	assert_false(core_mutex_is_locked(&mutex));
	assert_int_equal(sizeof(mutex), 1);
}

static void test_armed_bits(void **state)
{
	struct mutex mutex = {0};

	(void)state;
	core_mutex_lock(&mutex, true);
	assert_int_equal(mutex.bits, MUTEX_LOCKED | MUTEX_PARKED);
	unlock(&mutex, true);
	assert_int_equal(mutex.bits, MUTEX_PARKED);
	assert_true(core_mutex_try_lock(&mutex, false));
	assert_int_equal(mutex.bits, MUTEX_LOCKED | MUTEX_PARKED);
	unlock(&mutex, false);
	assert_int_equal(mutex.bits, 0);
}

/* A way to run many threads over one piece of work. */
struct crowd {
	struct mutex mutex;
	bool armed;
	unsigned long each;
	unsigned long sum; /* protected by the mutex, and by nothing else */
	unsigned int next; /* thread's number */
	pthread_t threads[THREADS];
};

static void run_crowd(struct crowd *crowd, void *(*work)(void *))
{
	for (unsigned int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&crowd->threads[i], NULL, work, crowd), 0);
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(crowd->threads[i], NULL);
}

static unsigned int own_number(struct crowd *crowd)
{
	return __atomic_fetch_add(&crowd->next, 1, __ATOMIC_RELAXED);
}

static void *count_up(void *argument)
{
	struct crowd *crowd = argument;
	bool inlined = own_number(crowd) % 2;

	for (unsigned long i = 0; i < crowd->each; i++) {
		if (inlined)
			inlined_lock(&crowd->mutex, crowd->armed);
		else
			core_mutex_lock(&crowd->mutex, crowd->armed);
		crowd->sum++;
		if (inlined)
			inlined_unlock(&crowd->mutex, crowd->armed);
		else
			unlock(&crowd->mutex, crowd->armed);
	}
	return NULL;
}

static void ignore_alarm(int signal)
{
	(void)signal;
}

/* Interrupts whoever waits, a thousand times a second. */
static void set_alarms(bool on)
{
	struct itimerval often = {{0, on ? 1000 : 0}, {0, on ? 1000 : 0}};
	struct sigaction action = {.sa_handler = ignore_alarm};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

static void check_crowd(bool armed, bool signals)
{
	struct crowd crowd = {.armed = armed, .each = operations / THREADS};
	uint64_t rescued = core_mutex_rescues();

	set_alarms(signals);
	run_crowd(&crowd, count_up);
	set_alarms(false);
	assert_int_equal(crowd.sum, crowd.each * THREADS);
	assert_int_equal(crowd.mutex.bits & MUTEX_LOCKED, 0);
	/* Emulated, one that unlocks may need longer to look who waits than waiters leave it. */
	if (!emulated())
		assert_int_equal(core_mutex_rescues(), rescued);
}

static void test_counters_exact(void **state)
{
	(void)state;
	check_crowd(false, false);
}

static void test_counters_exact_armed(void **state)
{
	(void)state;
	check_crowd(true, false);
}

static void test_signals(void **state)
{
	(void)state;
	check_crowd(false, true);
}

/* Each holds it longer than a waiter need be patient: the mutex is handed over. */
static void *hold_long(void *argument)
{
	struct crowd *crowd = argument;

	for (unsigned long i = 0; i < crowd->each; i++) {
		core_mutex_lock(&crowd->mutex, crowd->armed);
		crowd->sum++;
		sleep_ns(LONG_HOLD_NS);
		unlock(&crowd->mutex, crowd->armed);
	}
	return NULL;
}

static void test_long_holds(void **state)
{
	struct crowd crowd = {.each = 20};
	uint64_t rescued = core_mutex_rescues();

	(void)state;
	run_crowd(&crowd, hold_long);
	assert_int_equal(crowd.sum, crowd.each * THREADS);
	assert_int_equal(core_mutex_rescues(), rescued);
}

/* A thread that unlocks and locks again at once would win every time, were it not for fairness. */
static void *wait_once(void *argument)
{
	struct crowd *crowd = argument;

	core_mutex_lock(&crowd->mutex, false);
	__atomic_store_n(&crowd->sum, 1, __ATOMIC_RELEASE);
	unlock(&crowd->mutex, false);
	return NULL;
}

static void test_hand_over(void **state)
{
	struct crowd crowd = {0};
	unsigned int turns = 0;
	pthread_t thread;

	(void)state;
	core_mutex_lock(&crowd.mutex, false);
	assert_int_equal(pthread_create(&thread, NULL, wait_once, &crowd), 0);
	while (core_mutex_waiters(&crowd.mutex) == 0)
		sleep_ns(100000);
	sleep_ns(2 * MUTEX_FAIR_NS);
	do {
		unlock(&crowd.mutex, false);
		core_mutex_lock(&crowd.mutex, false);
		turns++;
	} while (!__atomic_load_n(&crowd.sum, __ATOMIC_ACQUIRE) && turns < 1000);
	unlock(&crowd.mutex, false);
	pthread_join(thread, NULL);
	assert_int_equal(turns, 1);
}

/* The last one to leave frees the memory, the moment it has unlocked. */
struct shared {
	struct mutex mutex;
	unsigned int users;
};

static void leave_shared(struct shared *shared)
{
	bool last;

	core_mutex_lock(&shared->mutex, false);
	last = --shared->users == 0;
	unlock(&shared->mutex, false);
	if (last)
		free(shared);
}

static void *leave_in_thread(void *shared)
{
	leave_shared(shared);
	return NULL;
}

static void test_freed_after_unlock(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2000; i++) {
		struct shared *shared = malloc(sizeof(*shared));
		pthread_t threads[2];

		*shared = (struct shared){.users = 3};
		for (unsigned int j = 0; j < 2; j++)
			pthread_create(&threads[j], NULL, leave_in_thread, shared);
		leave_shared(shared);
		for (unsigned int j = 0; j < 2; j++)
			pthread_join(threads[j], NULL);
	}
}

/* A second lot, as the interpreter has one: it knows nothing of ours. */
static pthread_mutex_t other_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t other_woken = PTHREAD_COND_INITIALIZER;
static unsigned int other_waiting, other_wakes;

static void other_park(struct mutex *mutex)
{
	pthread_mutex_lock(&other_lock);
	if (core_mutex_bits(mutex) == (MUTEX_LOCKED | MUTEX_PARKED)) {
		other_waiting++;
		while (other_wakes == 0)
			pthread_cond_wait(&other_woken, &other_lock);
		other_wakes--;
		other_waiting--;
	}
	pthread_mutex_unlock(&other_lock);
}

static void other_lock_mutex(struct mutex *mutex)
{
	while (!core_mutex_try_lock(mutex, false)) {
		uint8_t held = MUTEX_LOCKED;

		if (core_mutex_bits(mutex) & MUTEX_PARKED ||
		    __atomic_compare_exchange_n(&mutex->bits, &held, MUTEX_LOCKED | MUTEX_PARKED,
						false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			other_park(mutex);
	}
}

static void other_unlock(struct mutex *mutex, uint8_t rest)
{
	bool more;

	pthread_mutex_lock(&other_lock);
	more = other_waiting > other_wakes + 1;
	if (other_waiting > other_wakes) {
		other_wakes++;
		pthread_cond_signal(&other_woken);
	}
	__atomic_store_n(&mutex->bits, (uint8_t)(rest | (more ? MUTEX_PARKED : 0)),
			 __ATOMIC_SEQ_CST);
	pthread_mutex_unlock(&other_lock);
}

/* Who called is a guess, and here it is thrown like a coin, for each call. */
static void *guess_wrong(void *argument)
{
	struct crowd *crowd = argument;
	unsigned int coins = own_number(crowd) + 1;

	for (unsigned long i = 0; i < crowd->each; i++) {
		coins = coins * 1103515245 + 12345;
		if (coins & 0x10000)
			core_mutex_lock(&crowd->mutex, crowd->armed);
		else
			other_lock_mutex(&crowd->mutex);
		crowd->sum++;
		if (coins & 0x40000 && i % 16 == 0)
			sched_yield();
		if (coins & 0x20000)
			unlock(&crowd->mutex, crowd->armed);
		else
			other_unlock(&crowd->mutex, 0);
	}
	return NULL;
}

static void check_wrong_guesses(bool armed)
{
	struct crowd crowd = {.armed = armed, .each = operations / THREADS / 200};
	struct mutex_host saved = mutex_host;

	mutex_host.unlock_other = other_unlock;
	two_lots = true;
	run_crowd(&crowd, guess_wrong);
	two_lots = false;
	mutex_host = saved;
	assert_int_equal(crowd.sum, crowd.each * THREADS);
}

static void test_wrong_guesses(void **state)
{
	(void)state;
	check_wrong_guesses(false);
}

static void test_wrong_guesses_armed(void **state)
{
	(void)state;
	check_wrong_guesses(true);
}

/* Detaching and attaching come in pairs, around each wait and never else. */
static unsigned int detached, attached;

static void *note_detach(void)
{
	__atomic_add_fetch(&detached, 1, __ATOMIC_RELAXED);
	return &detached;
}

static void note_attach(void *state)
{
	assert_ptr_equal(state, &detached);
	__atomic_add_fetch(&attached, 1, __ATOMIC_RELAXED);
}

static void test_detached_while_waiting(void **state)
{
	struct mutex_host saved = mutex_host;
	struct crowd crowd = {0};
	pthread_t thread;

	(void)state;
	mutex_host.detach = note_detach;
	mutex_host.attach = note_attach;
	core_mutex_lock(&crowd.mutex, false);
	assert_int_equal(detached, 0);
	pthread_create(&thread, NULL, wait_once, &crowd);
	while (core_mutex_waiters(&crowd.mutex) == 0)
		sleep_ns(100000);
	assert_int_equal(__atomic_load_n(&detached, __ATOMIC_RELAXED), 1);
	assert_int_equal(__atomic_load_n(&attached, __ATOMIC_RELAXED), 0);
	unlock(&crowd.mutex, false);
	pthread_join(thread, NULL);
	assert_true(detached >= 1);
	assert_int_equal(attached, detached);
	mutex_host = saved;
}

static void test_errno_kept(void **state)
{
	struct crowd crowd = {.each = 1};
	struct mutex mutex = {0};
	pthread_t thread;

	(void)state;
	core_mutex_lock(&crowd.mutex, false);
	pthread_create(&thread, NULL, hold_long, &crowd);
	while (core_mutex_waiters(&crowd.mutex) == 0)
		sleep_ns(100000);
	unlock(&crowd.mutex, false);
	errno = 42;
	core_mutex_lock(&crowd.mutex,
			false); /* waits, until after the thread's turn or before it */
	unlock(&crowd.mutex, false);
	core_mutex_lock(&mutex, false);
	unlock(&mutex, false);
	assert_int_equal(errno, 42);
	pthread_join(thread, NULL);
}

static void test_unlock_unlocked_dies(void **state)
{
	struct mutex mutex = {0};
	char text[256] = "", *emulators;
	int status, pipes[2];
	pid_t child;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		dup2(pipes[1], STDERR_FILENO);
		unlock(&mutex, false);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_true(read(pipes[0], text, sizeof(text) - 1) > 0);
	emulators = emulated() ? strstr(text, "qemu: ") : NULL; /* it says that it aborts, too */
	if (emulators)
		*emulators = '\0';
	assert_string_equal(
		text, "Fatal Python error: PyMutex_Unlock: unlocking mutex that is not locked\n");
	close(pipes[0]);
	close(pipes[1]);
}

static void test_fork_with_waiters(void **state)
{
	struct crowd crowd = {0};
	pthread_t thread;
	int status;
	pid_t child;

	(void)state;
	core_mutex_lock(&crowd.mutex, false);
	pthread_create(&thread, NULL, wait_once, &crowd);
	while (core_mutex_waiters(&crowd.mutex) == 0)
		sleep_ns(100000);
	child = fork();
	if (child == 0) {
		core_mutex_after_fork();
		unlock(&crowd.mutex, false);
		core_mutex_lock(&crowd.mutex, false);
		unlock(&crowd.mutex, false);
		_exit(core_mutex_waiters(&crowd.mutex) == 0 ? 0 : 1);
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	unlock(&crowd.mutex, false);
	pthread_join(thread, NULL);
}

/* Woken without a reason, waiters go on waiting. */
static void test_woken_for_nothing(void **state)
{
	struct crowd crowd = {0};
	pthread_t thread;

	(void)state;
	core_mutex_lock(&crowd.mutex, false);
	pthread_create(&thread, NULL, wait_once, &crowd);
	for (unsigned int i = 0; i < 20; i++) {
		sleep_ns(100000);
		core_mutex_wake(&crowd.mutex);
		assert_int_equal(__atomic_load_n(&crowd.sum, __ATOMIC_ACQUIRE), 0);
	}
	unlock(&crowd.mutex, false);
	pthread_join(thread, NULL);
	assert_int_equal(crowd.sum, 1);
}

/*
 * Two have begun to wait while the unlocker was about to store: it woke one, which unlocked in its
 * turn without a look at the queue, as nothing told it to. The other was left to help itself.
 */
static void test_wake_after_store(void **state)
{
	struct crowd crowd = {0};
	uint64_t rescued = core_mutex_rescues();
	pthread_t threads[2];

	(void)state;
	core_mutex_lock(&crowd.mutex, false);
	for (unsigned int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, wait_once, &crowd);
	while (core_mutex_waiters(&crowd.mutex) < 2)
		sleep_ns(100000);
	__atomic_store_n(&crowd.mutex.bits, 0, __ATOMIC_SEQ_CST);
	core_mutex_wake(&crowd.mutex);
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(core_mutex_rescues(), rescued);
	assert_int_equal(core_mutex_waiters(&crowd.mutex), 0);
}

/* The other lot's unlock forgets our waiter: it helps itself. */
static void test_rescue(void **state)
{
	struct crowd crowd = {0};
	uint64_t rescued = core_mutex_rescues();
	pthread_t thread;

	(void)state;
	core_mutex_lock(&crowd.mutex, false);
	pthread_create(&thread, NULL, wait_once, &crowd);
	while (core_mutex_waiters(&crowd.mutex) == 0)
		sleep_ns(100000);
	other_unlock(&crowd.mutex, 0);
	pthread_join(thread, NULL);
	assert_int_equal(crowd.sum, 1);
	assert_int_equal(core_mutex_rescues(), rescued + 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_armed_bits),
		cmocka_unit_test(test_counters_exact),
		cmocka_unit_test(test_counters_exact_armed),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_long_holds),
		cmocka_unit_test(test_hand_over),
		cmocka_unit_test(test_freed_after_unlock),
		cmocka_unit_test(test_detached_while_waiting),
		cmocka_unit_test(test_errno_kept),
		cmocka_unit_test(test_unlock_unlocked_dies),
		cmocka_unit_test(test_fork_with_waiters),
		cmocka_unit_test(test_woken_for_nothing),
		cmocka_unit_test(test_wake_after_store),
		cmocka_unit_test(test_rescue),
		cmocka_unit_test(test_wrong_guesses),
		cmocka_unit_test(test_wrong_guesses_armed),
	};

	const char *asked = argc > 1 ? argv[1] : getenv("PYTHREAD_TRACE_STRESS");

	if (asked)
		operations = strtoul(asked, NULL, 10);
	clock_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
