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

static volatile sig_atomic_t forks, failures;

static int use_keys(void)
{
	Py_tss_t own = Py_tss_NEEDS_INIT;
	pthread_key_t raw;
	int failed = PyThread_tss_create(&own) || PyThread_tss_set(&own, &own) ||
		     PyThread_tss_get(&own) != &own;

	PyThread_tss_delete(&own);
	return failed || pthread_key_create(&raw, NULL) || pthread_key_delete(raw);
}

static void fork_and_use_keys(int number)
{
	int status = -1, saved = errno;
	pid_t child = fork();

	(void)number;
	if (child == 0) {
		alarm(10);
		_exit(use_keys());
	}
	waitpid(child, &status, 0);
	failures += status != 0;
	forks++;
	errno = saved;
}

/* The handler interrupts the functions themselves. */
STEP(fork_in_handler)
{
	const struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};

	signal(SIGALRM, fork_and_use_keys);
	setitimer(ITIMER_REAL, &often, NULL);
	while (forks < 100 && !failures)
		failures += use_keys();
	setitimer(ITIMER_REAL, &never, NULL);
	if (failures)
		_exit(1);
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

MODULE(METHOD(read_in_new_threads), METHOD(fork_in_handler), METHOD(exit_in_new_thread),
       METHOD(exit_on_small_stack))
