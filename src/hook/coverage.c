/* SPDX-License-Identifier: MIT */
#include "hook/coverage.h"

#ifdef PT_COVERAGE

#include "hook/process.h"
#include "hook/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

/* libgcov's (gcov.h, which not every compiler installs). A second dump needs a reset first. */
void __gcov_dump(void);
void __gcov_reset(void);

static struct real behind;

/*
 * Reports are also written after the destructors, of which libgcov's is one: it dumps, unless that
 * was done, and forgets what there is. So its counters are asked for by name then, as libgcov.h has
 * them. Each dump adds what the file holds to them, so they begin at zero again after it, which
 * cannot be had then: a second one would double all that was ever counted, the 64th make it zero.
 */
extern struct {
	void *list;
	unsigned int dumped : 1;
} __gcov_root;
void __gcov_dump_one(void *root);

static bool destructors_ran;

static void dump_after_destructors(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	__gcov_root.dumped = 0;
	__gcov_dump_one(&__gcov_root);
}

static void dump(void)
{
	if (destructors_ran) {
		dump_after_destructors();
	} else {
		__gcov_dump();
		__gcov_reset();
	}
}

/* Else libgcov would say so, into the program's own output. */
static bool can_open_files(void)
{
	int file = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (file >= 0)
		real()->close(file);
	return file >= 0;
}

static void keep(void)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	int saved = errno;

	/* What a vfork child counts its parent will keep. */
	if (!process_is_own() || pthread_mutex_trylock(&one_at_a_time))
		return;
	if (can_open_files())
		dump();
	pthread_mutex_unlock(&one_at_a_time);
	errno = saved;
}

void coverage_keep(void)
{
	if (!destructors_ran) /* else there is more to come, and one dump */
		keep();
}

/* Or in one that may have interrupted the tool's own work. */
static bool is_in_signal_handler(void)
{
	bool in_handler;

	if (!process_is_awake())
		return false;
	if (!tool_guard())
		return true;
	in_handler = tool_is_in_signal_handler();
	tool_leave();
	return in_handler;
}

static void keep_at_last(void)
{
	if (process_is_own() && !is_in_signal_handler())
		keep();
}

static __attribute__((noreturn)) void keep_and_exit(int status)
{
	keep_at_last();
	behind._exit(status);
}

static int keep_and_execve(const char *path, char *const argv[], char *const environment[])
{
	keep_at_last();
	return behind.execve(path, argv, environment);
}

static int keep_and_execvpe(const char *file, char *const argv[], char *const environment[])
{
	keep_at_last();
	return behind.execvpe(file, argv, environment);
}

static int keep_and_fexecve(int file, char *const argv[], char *const environment[])
{
	keep_at_last();
	return behind.fexecve(file, argv, environment);
}

static int keep_and_execveat(int directory, const char *path, char *const argv[],
			     char *const environment[], int flags)
{
	keep_at_last();
	return behind.execveat(directory, path, argv, environment, flags);
}

/* Before libgcov's. */
static __attribute__((destructor)) void keep_before_destructors(void)
{
	keep_at_last();
	__gcov_root.dumped = 1;
	destructors_ran = true;
}

static void keep_at_exit(int status, void *unused)
{
	(void)status, (void)unused;
	keep_at_last();
}

/* Before the report's, and so after it. */
static __attribute__((constructor(101))) void come_after_report(void)
{
	on_exit(keep_at_exit, NULL);
	at_quick_exit(keep_at_last);
}

void coverage_watch(struct real *functions)
{
	if (functions->_exit == keep_and_exit) /* another thread was here */
		return;
	behind = *functions;
	functions->_exit = keep_and_exit;
	functions->execve = keep_and_execve;
	functions->execvpe = keep_and_execvpe;
	functions->fexecve = keep_and_fexecve;
	functions->execveat = keep_and_execveat;
}

#endif
