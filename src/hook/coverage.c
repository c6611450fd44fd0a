/* SPDX-License-Identifier: MIT */
#include "hook/coverage.h"

#ifdef PT_COVERAGE

#include <errno.h>
#include <pthread.h>

#include "hook/process.h"

/* libgcov's (gcov.h, which not every compiler installs). Nothing is dumped twice without a reset. */
void __gcov_dump(void);
void __gcov_reset(void);

static struct real behind;

void coverage_keep(void)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	int saved = errno;

	/* What a vfork child counts its parent will keep. */
	if (!process_is_own() || pthread_mutex_trylock(&one_at_a_time))
		return;
	__gcov_dump();
	__gcov_reset();
	pthread_mutex_unlock(&one_at_a_time);
	errno = saved;
}

static __attribute__((noreturn)) void keep_and_exit(int status)
{
	coverage_keep();
	behind._exit(status);
}

static int keep_and_execve(const char *path, char *const argv[], char *const environment[])
{
	coverage_keep();
	return behind.execve(path, argv, environment);
}

static int keep_and_execvpe(const char *file, char *const argv[], char *const environment[])
{
	coverage_keep();
	return behind.execvpe(file, argv, environment);
}

static int keep_and_fexecve(int file, char *const argv[], char *const environment[])
{
	coverage_keep();
	return behind.fexecve(file, argv, environment);
}

static int keep_and_execveat(int directory, const char *path, char *const argv[],
			     char *const environment[], int flags)
{
	coverage_keep();
	return behind.execveat(directory, path, argv, environment, flags);
}

void coverage_watch(struct real *functions)
{
	behind = *functions;
	functions->_exit = keep_and_exit;
	functions->execve = keep_and_execve;
	functions->execvpe = keep_and_execvpe;
	functions->fexecve = keep_and_fexecve;
	functions->execveat = keep_and_execveat;
}

#endif
