/* SPDX-License-Identifier: MIT */
/* Whether a PyMutex can be used at first while another thread has the dynamic linker's lock. */
#define _GNU_SOURCE
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#define PATIENCE_MS 3000

/* Not by its headers: a library for ctypes. */
void PyMutex_Lock(unsigned char *mutex);
void PyMutex_Unlock(unsigned char *mutex);

static unsigned char mutex;
static atomic_bool done;

static void *use(void *unused)
{
	PyMutex_Lock(&mutex);
	PyMutex_Unlock(&mutex);
	atomic_store(&done, true);
	return unused;
}

/* Under the linker's lock, which is given back when the other one has waited too long. */
static int hold(struct dl_phdr_info *info, size_t size, void *done_in_time)
{
	pthread_t thread;
	int ms;

	(void)info, (void)size;
	if (pthread_create(&thread, NULL, use, NULL) != 0)
		return 1;
	pthread_detach(thread);
	for (ms = 0; ms < PATIENCE_MS && !atomic_load(&done); ms++)
		usleep(1000);
	*(bool *)done_in_time = atomic_load(&done);
	return 1;
}

int use_under_lock(void)
{
	bool done_in_time = false;

	dl_iterate_phdr(hold, &done_in_time);
	while (!atomic_load(&done))
		usleep(1000);
	return done_in_time;
}
