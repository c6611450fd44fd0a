/* SPDX-License-Identifier: MIT */
#include "hook/trace_threads.h"

#include "base/clock.h"
#include "hook/trace_site.h"
#include "model/mutexes.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of more threads than this that wait, what the rest waits for is left out. */
#define WAITS_MAX 512

#define NAME_SIZE 32

static struct mutex_wait waits[WAITS_MAX];
static unsigned int wait_count;

static bool read_name(pid_t tid, char name[NAME_SIZE])
{
	char path[64];
	ssize_t length;
	int file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tid);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	length = read(file, name, NAME_SIZE - 1);
	close(file);
	if (length <= 0)
		return false;
	name[length - (name[length - 1] == '\n')] = '\0';
	return true;
}

static char tracers_name[NAME_SIZE];

/* LTTng names its threads after the one that starts them. */
void trace_threads_note_tracer(void)
{
	char name[NAME_SIZE] = "";

	prctl(PR_GET_NAME, name);
	snprintf(tracers_name, sizeof(tracers_name), "%.11s-ust", name);
}

/* The tool has a watchdog, too. */
static bool is_tracers(const char *name)
{
	return strcmp(name, tracers_name) == 0 || strcmp(name, "pythread-trace") == 0;
}

static const struct mutex_wait *wait_of(pid_t tid)
{
	for (unsigned int i = 0; i < wait_count; i++) {
		if (waits[i].tid == tid)
			return &waits[i];
	}
	return NULL;
}

static void dump_thread(pid_t tid)
{
	const struct mutex_wait *wait = wait_of(tid);
	char name[NAME_SIZE];
	struct trace_place place;
	struct trace_thread told = {.tid = tid, .name = name};

	if (!read_name(tid, name) || is_tracers(name))
		return;
	if (wait) {
		told.waiting_for = wait->record->address;
		told.waiting_ns = clock_ns_between(wait->since, clock_ticks());
	}
	trace_get()->statedump_thread(&told,
				      trace_site(&place, wait ? &wait->site : &(struct site){0}));
}

static void visit_entries(const char *bytes, long size, void (*visit)(pid_t tid))
{
	for (long at = 0; at < size;) {
		const struct dirent64 *entry = (const struct dirent64 *)(bytes + at);

		if (entry->d_name[0] != '.')
			visit((pid_t)strtol(entry->d_name, NULL, 10));
		at += entry->d_reclen;
	}
}

/* Not by readdir(), which allocates. False where not all were seen. */
static bool visit_threads(void (*visit)(pid_t tid))
{
	char bytes[1024] __attribute__((aligned(8)));
	int folder = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long size;

	if (folder < 0)
		return false;
	while ((size = syscall(SYS_getdents64, folder, bytes, sizeof(bytes))) > 0)
		visit_entries(bytes, size, visit);
	close(folder);
	return size == 0;
}

void trace_dump_threads(void)
{
	wait_count = mutexes_waits(waits, WAITS_MAX);
	if (wait_count > WAITS_MAX)
		wait_count = WAITS_MAX;
	visit_threads(dump_thread);
}

static unsigned int programs; /* threads that are not the first, while one thread looks for them */

static void count_programs(pid_t tid)
{
	char name[NAME_SIZE];

	if (tid == getpid() || (read_name(tid, name) && is_tracers(name)))
		return;
	programs++;
}

bool trace_threads_only_tracers(void)
{
	programs = 0;
	return visit_threads(count_programs) && programs == 0;
}
