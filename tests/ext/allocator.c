/* SPDX-License-Identifier: MIT */
/*
 * A memory profiler, to be preloaded: an allocator with a lock, which asks with the lock in hand
 * whether this thread is profiled. Its threads come and go, and allocate while they do.
 */
#include "ext.h"

#include <stdbool.h>
#include <stdlib.h>

#pragma weak PyThread_tss_create
#pragma weak PyThread_tss_set
#pragma weak PyThread_tss_get

#define THREADS 4
#define BLOCKS 600 /* the tool meets a thread that only reads at its 256th call */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
int come_and_go(int turns);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Py_tss_t profiled = Py_tss_NEEDS_INIT, own = Py_tss_NEEDS_INIT;
static unsigned long not_profiled;
static __thread bool inside __attribute__((tls_model("initial-exec")));

static void note(void)
{
	if (!profiled._is_initialized || inside)
		return;
	inside = true;
	pthread_mutex_lock(&lock);
	not_profiled += !PyThread_tss_get(&profiled);
	pthread_mutex_unlock(&lock);
	inside = false;
}

void *malloc(size_t size)
{
	note();
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	note();
	return __libc_calloc(count, size);
}

static void *allocate(void *sets_first)
{
	void *volatile block;

	if (sets_first)
		PyThread_tss_set(&own, NULL);
	for (int i = 0; i < BLOCKS; i++) {
		block = malloc(64);
		free(block);
	}
	return NULL;
}

int come_and_go(int turns)
{
	pthread_t thread[THREADS];

	PyThread_tss_create(&own);
	PyThread_tss_create(&profiled);
	for (int turn = 0; turn < turns; turn++) {
		for (int i = 0; i < THREADS; i++)
			pthread_create(&thread[i], NULL, allocate, i % 2 ? &own : NULL);
		for (int i = 0; i < THREADS; i++)
			pthread_join(thread[i], NULL);
	}
	PyThread_tss_delete(&profiled);
	PyThread_tss_delete(&own);
	return not_profiled > 0;
}
