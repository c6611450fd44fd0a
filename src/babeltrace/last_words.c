/* SPDX-License-Identifier: MIT */
#include "babeltrace/last_words.h"

#include "babeltrace/sanitized.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#define SECONDS 30

static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};

static void (*words)(void *context, int signal);
static void *words_context;
static sem_t broke;
static volatile sig_atomic_t number;

static void set(void (*handler)(int signal))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_NODEFER};

	for (unsigned int i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		sigaction(deadly[i], &action, NULL);
}

/* The thread that broke down does not go on. */
static void break_down(int signal)
{
	set(SIG_DFL);
	alarm(SECONDS);
	number = signal;
	sem_post(&broke);
	for (;;)
		pause();
}

static void *wait_to_speak(void *unused)
{
	while (sem_wait(&broke) != 0)
		;
	words(words_context, number);
	raise(number);
	return unused;
}

static bool start_thread(void)
{
	sigset_t asynchronous, old;
	pthread_t thread;
	bool good;

	sigfillset(&asynchronous);
	for (unsigned int i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		sigdelset(&asynchronous, deadly[i]);
	pthread_sigmask(SIG_SETMASK, &asynchronous, &old);
	good = pthread_create(&thread, NULL, wait_to_speak, NULL) == 0 &&
	       pthread_detach(thread) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return good;
}

void last_words_begin(void (*speak)(void *context, int signal), void *context)
{
	static char memory[65536];
	const stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};

	if (SANITIZED)
		return;
	words = speak;
	words_context = context;
	signal(SIGALRM, SIG_DFL);
	if (sem_init(&broke, 0, 0) == 0 && start_thread() && sigaltstack(&stack, NULL) == 0)
		set(break_down);
}

void last_words_end(void)
{
	if (!SANITIZED)
		set(SIG_DFL);
}
