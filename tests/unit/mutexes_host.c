/* SPDX-License-Identifier: MIT */
#include "mutexes_host.h"

#define POOL_SIZE (1U << 20)
#define THREADS_MAX 4096

uint32_t module_now;
uint64_t now = 1000;

static uint32_t module(const void *address)
{
	(void)address;
	return module_now;
}

int mutexes_host_set_up(void **state)
{
	(void)state;
	found_forget();
	mutexes_host.finding = found_keep;
	mutexes_host.is_runtime = is_runtime;
	mutexes_host.module = module;
	module_now = 0;
	mutexes_host.judge_runtime = mutexes_host.time_all = false;
	mutexes_host.long_hold = mutexes_host.long_wait = 0;
	return 0;
}

const void *fresh(void)
{
	static char pool[POOL_SIZE];
	static unsigned int used;

	assert_true(used < POOL_SIZE);
	return &pool[used++];
}

struct mutex_thread *begin(pid_t tid)
{
	static struct mutex_thread threads[THREADS_MAX];
	static unsigned int used;
	struct mutex_thread *thread = &threads[__atomic_fetch_add(&used, 1, __ATOMIC_RELAXED)];

	assert_true(thread < &threads[THREADS_MAX]);
	mutexes_thread_begin(thread, tid);
	return thread;
}

struct mutex_record *record_of(const void *mutex)
{
	struct mutex_record *record = mutexes_find(mutex);

	if (!record)
		fail_msg("%p is not known", mutex);
	return record;
}

static struct mutex_request request_for(const void *mutex, struct mutex_thread *thread,
					const struct site *site)
{
	return (struct mutex_request){
		.record = mutexes_get(mutex, site), .thread = thread, .site = site, .sure = true};
}

/* The model is asked, with a stack, only where it wants one. */
static void request(struct mutex_request *request, struct site *site)
{
	request->site = site;
	if (mutexes_wants_stack(request->record, request->thread))
		mutexes_requested(request);
	else
		site->native = 0;
}

void ask(const void *mutex, struct mutex_thread *thread, const struct site *site)
{
	struct mutex_request asked = request_for(mutex, thread, site);
	struct site wanted = *site;

	request(&asked, &wanted);
}

void take(const void *mutex, struct mutex_thread *thread, const struct site *site)
{
	struct mutex_request asked = request_for(mutex, thread, site);
	struct site wanted = *site;

	request(&asked, &wanted);
	mutexes_acquired(&asked, now, false, 0);
}

void try_take(const void *mutex, struct mutex_thread *thread, const struct site *site)
{
	struct mutex_request request = request_for(mutex, thread, site);

	request.try_only = true;
	mutexes_requested(&request);
	mutexes_acquired(&request, now, false, 0);
}

void give(const void *mutex, struct mutex_thread *thread, const struct site *site)
{
	mutexes_releasing(record_of(mutex), thread, site, now);
}

void start_waiting(const void *mutex, struct mutex_thread *thread, const struct site *site)
{
	struct mutex_request request = request_for(mutex, thread, site);

	mutexes_wait_begin(&request, now);
}

void stop_waiting(struct mutex_thread *thread)
{
	mutexes_wait_end(thread);
}
