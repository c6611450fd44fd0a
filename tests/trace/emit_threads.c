/* SPDX-License-Identifier: MIT */
#include "emit_threads.h"

#include "emit_command.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct thread {
	struct thread *next;
	char name[16]; /* as the kernel keeps it */
	pthread_t id;
	sem_t wanted, done;
	threads_work *work; /* NULL: end */
	const void *what;
};

static struct thread *threads;

static void *run(void *self)
{
	struct thread *thread = self;

	for (;;) {
		while (sem_wait(&thread->wanted))
			;
		if (!thread->work)
			return NULL;
		thread->work(thread->what);
		sem_post(&thread->done);
	}
}

static struct thread *start(const char *name)
{
	struct thread *thread = calloc(1, sizeof(*thread));

	if (!thread)
		command_die("no memory", name);
	snprintf(thread->name, sizeof(thread->name), "%s", name);
	sem_init(&thread->wanted, 0, 0);
	sem_init(&thread->done, 0, 0);
	if (pthread_create(&thread->id, NULL, run, thread))
		command_die("no thread can be started", name);
	pthread_setname_np(thread->id, thread->name);
	thread->next = threads;
	threads = thread;
	return thread;
}

static struct thread **find(const char *name)
{
	struct thread **place = &threads;

	while (*place && strncmp((*place)->name, name, sizeof((*place)->name) - 1) != 0)
		place = &(*place)->next;
	return place;
}

void threads_do(const char *name, threads_work *work, const void *what)
{
	struct thread *thread = *find(name);

	if (!thread)
		thread = start(name);
	thread->work = work;
	thread->what = what;
	sem_post(&thread->wanted);
	while (sem_wait(&thread->done))
		;
}

void threads_end(const char *name)
{
	struct thread **place = find(name), *thread = *place;

	if (!thread)
		command_die("no such thread", name);
	*place = thread->next;
	thread->work = NULL;
	sem_post(&thread->wanted);
	pthread_join(thread->id, NULL);
	free(thread);
}
