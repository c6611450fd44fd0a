/* SPDX-License-Identifier: MIT */
#include "stack/store.h"

#include "base/arena.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct arena arena;

/* volatile: read by a signal handler of the thread that writes it. */
static __thread volatile bool holding __attribute__((tls_model("initial-exec")));
__thread bool store_forking __attribute__((tls_model("initial-exec")));

void store_lock(void)
{
	if (store_forking)
		return;
	holding = true;
	pthread_mutex_lock(&mutex);
}

void store_unlock(void)
{
	if (store_forking)
		return;
	pthread_mutex_unlock(&mutex);
	holding = false;
}

void store_before_fork(void)
{
	if (holding)
		return;
	pthread_mutex_lock(&mutex);
	store_forking = true;
}

void store_after_fork(void)
{
	if (!store_forking)
		return;
	store_forking = false;
	pthread_mutex_unlock(&mutex);
}

void *store_alloc(size_t size)
{
	return arena_alloc(&arena, size);
}

const char *store_copy(const char *text)
{
	return arena_strndup(&arena, text, strlen(text));
}

uint32_t numbers_add(struct numbers *numbers, void *record)
{
	struct numbers_position at = numbers_position(numbers->last + 1);
	void *_Atomic *chunk;

	if (at.chunk >= NUMBERS_CHUNKS)
		return 0;
	chunk = atomic_load_explicit(&numbers->chunk[at.chunk], memory_order_relaxed);
	if (!chunk) {
		chunk = store_alloc(sizeof(*chunk) * ((size_t)NUMBERS_FIRST_CHUNK << at.chunk));
		if (!chunk)
			return 0;
		atomic_store_explicit(&numbers->chunk[at.chunk], chunk, memory_order_release);
	}
	atomic_store_explicit(&chunk[at.index], record, memory_order_release);
	return ++numbers->last;
}
