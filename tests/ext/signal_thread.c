/* SPDX-License-Identifier: MIT */
/*
 * C signal handlers where there is the least room for anything else: in threads that have done
 * nothing but malloc, in the functions themselves, and on an alternate stack of the old standard
 * size.
 */
#include "ext.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS 3
#define THREADS 4
#define ROUNDS 500
#define OLD_SIGSTKSZ 8192
#define GUARD (1 << 16)

static Py_tss_t key = Py_tss_NEEDS_INIT;

static void read_key(int number)
{
	(void)number;
	PyThread_tss_get(&key);
	PyThread_tss_is_created(&key);
}

static void leave(int number)
{
	(void)number;
	_exit(STATUS);
}

static void *allocate(void *unused)
{
	void *block[64];

	for (int turn = 0; turn < 300; turn++) {
		for (size_t i = 0; i < 64; i++)
			block[i] = malloc(8 + i * 37);
		for (size_t i = 0; i < 64; i++)
			free(block[i]);
	}
	return unused;
}

static void interrupt_new_threads(void)
{
	const struct timespec moment = {0, 20000};
	pthread_t thread[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, allocate, NULL);
	for (int i = 0; i < THREADS; i++) {
		nanosleep(&moment, NULL);
		pthread_kill(thread[i], SIGUSR1);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
}

STEP(read_in_new_threads)
{
	PyThread_tss_create(&key);
	signal(SIGUSR1, read_key);
	for (int i = 0; i < ROUNDS; i++)
		interrupt_new_threads();
	PyThread_tss_delete(&key);
}

static volatile sig_atomic_t handled, failures;

static int use_keys(void)
{
	Py_tss_t own = Py_tss_NEEDS_INIT;
	pthread_key_t raw;
	int failed = PyThread_tss_create(&own) || PyThread_tss_set(&own, &own) ||
		     PyThread_tss_get(&own) != &own;

	PyThread_tss_delete(&own);
	return failed || pthread_key_create(&raw, NULL) || pthread_key_delete(raw);
}

/* Ends a child that hangs. The handler's own signal is blocked while it runs. */
static void limit_child(void)
{
	sigset_t alarms;

	signal(SIGALRM, SIG_DFL);
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarms, NULL);
	alarm(20);
}

static int run_child(void)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		limit_child();
		_exit(use_keys());
	}
	waitpid(child, &status, 0);
	return status != 0;
}

static void fork_and_use_keys(int number)
{
	int saved = errno;

	(void)number;
	failures += run_child();
	handled++;
	errno = saved;
}

static void use_keys_in_handler(int number)
{
	int saved = errno;

	(void)number;
	failures += use_keys();
	handled++;
	errno = saved;
}

/*
 * The handler interrupts the work itself. The timer is set for one signal at a time: if it went on
 * by itself, a handler that takes longer than its period would be followed by the next one, and the
 * work would never go on.
 */
static void interrupt(int (*work)(void), void (*handler)(int))
{
	const struct itimerval once = {{0, 0}, {0, 500}};

	signal(SIGALRM, handler);
	while (handled < 100 && !failures) {
		int before = handled;

		setitimer(ITIMER_REAL, &once, NULL);
		while (handled == before && !failures)
			failures += work();
	}
	if (failures)
		_exit(1);
}

STEP(fork_in_handler)
{
	interrupt(use_keys, fork_and_use_keys);
}

STEP(fork_in_fork)
{
	interrupt(run_child, fork_and_use_keys);
}

static int use_raw_keys(void)
{
	pthread_key_t raw;

	return pthread_key_create(&raw, NULL) || pthread_key_delete(raw);
}

static volatile sig_atomic_t stop;

static void *keep_creating(void *unused)
{
	while (!stop)
		use_keys();
	return unused;
}

/* Other threads wait for what the interrupted one holds, with what the handler needs in hand. */
static void interrupt_among_threads(void (*handler)(int))
{
	sigset_t alarms;
	pthread_t thread[THREADS];

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarms, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, keep_creating, NULL);
	pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
	interrupt(use_raw_keys, handler);
	stop = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
}

STEP(fork_among_threads)
{
	interrupt_among_threads(fork_and_use_keys);
}

STEP(create_among_threads)
{
	interrupt_among_threads(use_keys_in_handler);
}

STEP(exit_in_new_thread)
{
	signal(SIGUSR1, leave);
	for (;;)
		interrupt_new_threads();
}

STEP(exit_on_small_stack)
{
	struct sigaction action = {.sa_handler = leave, .sa_flags = SA_ONSTACK};
	char *memory = mmap(NULL, GUARD + OLD_SIGSTKSZ, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t stack = {.ss_sp = memory + GUARD, .ss_size = OLD_SIGSTKSZ};

	mprotect(memory, GUARD, PROT_NONE);
	sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
}

MODULE(METHOD(read_in_new_threads), METHOD(fork_in_handler), METHOD(fork_in_fork),
       METHOD(fork_among_threads), METHOD(create_among_threads), METHOD(exit_in_new_thread),
       METHOD(exit_on_small_stack))
