/* SPDX-License-Identifier: MIT */
/*
 * A library, to be preloaded, with a lock that it holds around each fork, as pthread_atfork() is
 * made for. Its thread makes keys with the lock in hand: a fork must not wait for the lock while it
 * keeps the thread from making a key.
 */
#include "ext.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#pragma weak PyThread_tss_create
#pragma weak PyThread_tss_delete

int fork_among_keys(int forks);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool stop;

static void take(void)
{
	pthread_mutex_lock(&lock);
}

static void give(void)
{
	pthread_mutex_unlock(&lock);
}

static __attribute__((constructor)) void watch_forks(void)
{
	pthread_atfork(take, give, give);
}

static int use_keys(void)
{
	Py_tss_t key = Py_tss_NEEDS_INIT;
	pthread_key_t raw;
	int failed = pthread_key_create(&raw, NULL) || pthread_key_delete(raw);

	if (PyThread_tss_create) {
		failed |= PyThread_tss_create(&key);
		PyThread_tss_delete(&key);
	}
	return failed != 0;
}

static void *use_keys_locked(void *unused)
{
	while (!atomic_load(&stop)) {
		take();
		use_keys();
		give();
	}
	return unused;
}

/* How many of the children, which use keys, too, end well. */
int fork_among_keys(int forks)
{
	pthread_t thread;
	int status, good = 0;
	pid_t child;

	pthread_create(&thread, NULL, use_keys_locked, NULL);
	while (forks-- > 0) {
		child = fork();
		if (child == 0)
			_exit(use_keys());
		good += waitpid(child, &status, 0) == child && status == 0;
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	return good;
}
