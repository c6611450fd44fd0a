/* SPDX-License-Identifier: MIT */
#include "mutex_model.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define POOL_SIZE (1U << 20)
#define THREADS_MAX 4096

struct found found;
const char EXTENSION[] = "extension", RUNTIME[] = "runtime";
uint64_t now = 1000;

void mutex_model_keep(const struct finding *finding)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&lock);
	if (found.count < FINDINGS_MAX)
		found.finding[found.count] = *finding;
	found.count++;
	pthread_mutex_unlock(&lock);
}

static bool is_runtime(const void *code)
{
	return code == RUNTIME;
}

uint32_t module_now;

static uint32_t module(const void *address)
{
	(void)address;
	return module_now;
}

int mutex_model_set_up(void **state)
{
	(void)state;
	memset(&found, 0, sizeof(found));
	mutexes_host.finding = mutex_model_keep;
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

void assert_nothing_found(void)
{
	if (found.count)
		fail_msg("%u findings, the first: %s: %s", found.count,
			 finding_name(found.finding[0].kind), found.finding[0].message);
}

const struct finding *assert_found(enum finding_kind kind)
{
	static struct finding only;

	if (found.count != 1)
		fail_msg("%u findings instead of one %s", found.count, finding_name(kind));
	only = found.finding[0];
	found.count = 0;
	if (only.kind != kind)
		fail_msg("%s (%s) instead of %s", finding_name(only.kind), only.message,
			 finding_name(kind));
	return &only;
}

const struct site *story_of(const struct finding *finding, enum site_role role, unsigned int nth)
{
	for (unsigned int i = 0; i < finding->stories; i++) {
		if (finding->story[i].role == role && nth-- == 0)
			return &finding->story[i].site;
	}
	fail_msg("%s has too few places of role '%s'", finding_name(finding->kind),
		 role_name(role));
	return NULL;
}
