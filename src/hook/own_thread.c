/* SPDX-License-Identifier: MIT */
#include "hook/own_thread.h"

#include "report/report.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

/* An error number, or 0. */
static int create(void *(*run)(void *), size_t stack)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error = pthread_attr_init(&attributes);

	if (error)
		return error;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (stack)
		pthread_attr_setstacksize(&attributes, stack);
	error = pthread_create(&thread, &attributes, run, NULL);
	pthread_attr_destroy(&attributes);
	return error;
}

void own_thread_start(void *(*run)(void *), size_t stack, const char *what)
{
	sigset_t all, saved;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved);
	error = create(run, stack);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	if (error)
		report_trouble(what, strerrordesc_np(error));
}
