/* SPDX-License-Identifier: MIT */
/*
 * C signal handlers that do nothing wrong, where there is the least room for anything else: in
 * threads that have done nothing but malloc, and on an alternate stack of the old standard size.
 */
#include "ext.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
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

STEP(exit_in_new_thread)
{
	signal(SIGUSR1, leave);
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

MODULE(METHOD(read_in_new_threads), METHOD(exit_in_new_thread), METHOD(exit_on_small_stack))
