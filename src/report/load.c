/* SPDX-License-Identifier: MIT */
#include "report/load.h"

#include "base/alone.h"
#include "report/guard.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/single_threaded.h>
#include <time.h>

#define PATIENCE_SECONDS 2
#define HELPER_STACK ((size_t)512 * 1024)
#define WHY_SIZE 256

static enum { UNTRIED, LOADING, ANSWERED } state;
static const char *path;

/* What the load came to. Written once, before `answered` is set or `done` posted. */
static const struct report_plugin *plugin;
static char why_not[WHY_SIZE];
static atomic_bool answered;
static sem_t done, may_end;

void load_init(const char *plugin_path)
{
	path = plugin_path;
}

static void load(void)
{
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct report_plugin *found;

	if (!handle) {
		snprintf(why_not, sizeof(why_not), "%s", dlerror());
		return;
	}
	found = dlsym(handle, REPORT_PLUGIN_SYMBOL);
	if (found && found->abi == REPORT_PLUGIN_ABI)
		plugin = found;
	else
		snprintf(why_not, sizeof(why_not), "%s is of another version", path);
}

static void *helper(void *unused)
{
	(void)unused;
	guard_stay();
	load();
	atomic_store(&answered, true);
	sem_post(&done);
	while (sem_wait(&may_end) < 0 && errno == EINTR)
		;
	return NULL;
}

static bool start_helper(pthread_t *thread)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int error;

	sem_init(&done, 0, 0);
	sem_init(&may_end, 0, 0);
	if (pthread_attr_init(&attributes) != 0)
		return false;
	pthread_attr_setstacksize(&attributes, HELPER_STACK);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(thread, &attributes, helper, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return error == 0;
}

static bool wait_for_helper(void)
{
	struct timespec deadline;
	int result;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += PATIENCE_SECONDS;
	do
		result = sem_clockwait(&done, CLOCK_MONOTONIC, &deadline);
	while (result < 0 && errno == EINTR);
	return result == 0;
}

/*
 * The last thread of a process may be in the exit() that the C library calls for it. A helper,
 * which counts as the only thread then, would get there too when it ends: the process would end in
 * the middle of the report or, from glibc 2.41 on, wait for itself. So it stays until the end.
 */
static void let_helper_go(pthread_t thread, bool at_end)
{
	if (!at_end)
		sem_post(&may_end);
	if (!at_end && state == ANSWERED)
		pthread_join(thread, NULL);
	else
		pthread_detach(thread);
}

static void first_try(bool at_end)
{
	pthread_t thread;

	/* Alone, nobody else can hold the lock. Without a thread allowed it is worth a try. */
	if (__libc_single_threaded || alone_in_process() || !start_helper(&thread)) {
		load();
		state = ANSWERED;
		return;
	}
	state = wait_for_helper() ? ANSWERED : LOADING;
	let_helper_go(thread, at_end);
}

const struct report_plugin *load_plugin(enum load_when when, const char **why)
{
	bool patient = when != LOAD_IN_PASSING;

	if (state == UNTRIED)
		first_try(when == LOAD_AT_END);
	else if (state == LOADING && (atomic_load(&answered) || (patient && wait_for_helper())))
		state = ANSWERED;
	if (state == LOADING) {
		*why = "the dynamic linker is busy in another thread";
		return NULL;
	}
	*why = plugin ? NULL : why_not;
	return plugin;
}

void load_after_fork(bool torn)
{
	if (state != ANSWERED)
		state = UNTRIED;
	atomic_store(&answered, false);
	if (!torn)
		return;
	state = ANSWERED;
	plugin = NULL;
	snprintf(why_not, sizeof(why_not), "the process forked in the middle of a report");
}
