/* SPDX-License-Identifier: MIT */
/*
 * The exec family: the report comes before the program is gone. An exec that is going to fail must
 * not report, and Python tries every folder of PATH, so the file is looked at first.
 */
#include "hook/process.h"
#include "hook/real.h"

#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where libc looks when there is no PATH. */
#define NO_PATH "/bin:/usr/bin"

#define EXPORT_EXEC EXPORT int
EXPORT_EXEC execve(const char *path, char *const argv[], char *const environment[]);
EXPORT_EXEC execv(const char *path, char *const argv[]);
EXPORT_EXEC execvp(const char *file, char *const argv[]);
EXPORT_EXEC execvpe(const char *file, char *const argv[], char *const environment[]);
EXPORT_EXEC execl(const char *path, const char *argument, ...);
EXPORT_EXEC execlp(const char *file, const char *argument, ...);
EXPORT_EXEC execle(const char *path, const char *argument, ...);
EXPORT_EXEC fexecve(int file, char *const argv[], char *const environment[]);
EXPORT_EXEC execveat(int directory, const char *path, char *const argv[], char *const environment[],
		     int flags);

static bool is_runnable(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
	       faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

static bool is_runnable_in_path(const char *file)
{
	const char *folder = getenv("PATH");
	char path[4096];

	if (strchr(file, '/'))
		return is_runnable(file);
	if (!folder)
		folder = NO_PATH;
	for (;;) {
		size_t length = strcspn(folder, ":");

		if (snprintf(path, sizeof(path), "%.*s%s%s", (int)length, folder, length ? "/" : "",
			     file) < (int)sizeof(path) &&
		    is_runnable(path))
			return true;
		if (!folder[length])
			return false;
		folder += length + 1;
	}
}

/* In a vfork child even the look at the file is left out. */
static void report_if(const char *file, bool (*runnable)(const char *file))
{
	int saved = errno;

	if (process_is_awake() && process_is_own() && runnable(file))
		process_report_before_exec();
	errno = saved;
}

int execve(const char *path, char *const argv[], char *const environment[])
{
	report_if(path, is_runnable);
	return real()->execve(path, argv, environment);
}

int execv(const char *path, char *const argv[])
{
	report_if(path, is_runnable);
	return real()->execve(path, argv, environ);
}

int execvp(const char *file, char *const argv[])
{
	report_if(file, is_runnable_in_path);
	return real()->execvpe(file, argv, environ);
}

int execvpe(const char *file, char *const argv[], char *const environment[])
{
	report_if(file, is_runnable_in_path);
	return real()->execvpe(file, argv, environment);
}

/* Looks at less than the kernel will: a report too many is better than none. */
static void report_if_file_at(int directory, const char *path, int flags)
{
	int saved = errno;
	struct stat status;

	if (process_is_awake() && process_is_own() &&
	    fstatat(directory, path, &status, flags & (AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) == 0 &&
	    S_ISREG(status.st_mode))
		process_report_before_exec();
	errno = saved;
}

int fexecve(int file, char *const argv[], char *const environment[])
{
	report_if_file_at(file, "", AT_EMPTY_PATH);
	return real()->fexecve(file, argv, environment);
}

int execveat(int directory, const char *path, char *const argv[], char *const environment[],
	     int flags)
{
	report_if_file_at(directory, path, flags);
	return real()->execveat(directory, path, argv, environment, flags);
}

static size_t count_arguments(va_list *list)
{
	size_t count = 1;

	while (va_arg(*list, char *))
		count++;
	return count;
}

/* As libc does it: the arguments on the stack, because exec is allowed where malloc is not. */
#define COLLECT(argv, first, list, last)                                                           \
	do {                                                                                       \
		va_list counted;                                                                   \
		size_t count;                                                                      \
                                                                                                   \
		va_start(counted, last);                                                           \
		count = count_arguments(&counted);                                                 \
		va_end(counted);                                                                   \
		(argv) = alloca((count + 1) * sizeof(char *));                                     \
		(argv)[0] = (char *)(uintptr_t)(first);                                            \
		va_start(list, last);                                                              \
		for (size_t i = 1; i <= count; i++)                                                \
			(argv)[i] = va_arg(list, char *);                                          \
	} while (0)

int execl(const char *path, const char *argument, ...)
{
	va_list list;
	char **argv;

	COLLECT(argv, argument, list, argument);
	va_end(list);
	return execve(path, argv, environ);
}

int execlp(const char *file, const char *argument, ...)
{
	va_list list;
	char **argv;

	COLLECT(argv, argument, list, argument);
	va_end(list);
	return execvpe(file, argv, environ);
}

int execle(const char *path, const char *argument, ...)
{
	va_list list;
	char **argv;
	char *const *environment;

	COLLECT(argv, argument, list, argument);
	environment = va_arg(list, char *const *);
	va_end(list);
	return execve(path, argv, environment);
}
