/* SPDX-License-Identifier: MIT */
/* Stands in for the functions of libc that are no part of its allocator. */
#define _GNU_SOURCE
#include "faults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The one below is no way to find libc's. */
static inline __attribute__((always_inline)) void *real_dlsym(void *handle, const char *name)
{
	static void *(*function)(void *, const char *);

	if (!function)
		*(void **)&function = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
	return function(handle, name);
}

/*
 * libc's own. They are looked for before there are threads: one that asked the linker could wait
 * for another that loads a library, and that one, as LTTng's, for it.
 */
#define FIND(name)                                                                                 \
	static __typeof__(&(name)) real_##name;                                                    \
	static __attribute__((constructor)) void find_##name(void)                                 \
	{                                                                                          \
		real_##name = (__typeof__(real_##name))real_dlsym(RTLD_NEXT, #name);               \
	}

#define REAL(name)                                                                                 \
	({                                                                                         \
		if (!real_##name)                                                                  \
			find_##name();                                                             \
		real_##name;                                                                       \
	})

#define DUE(name) fault_is_due(name, __builtin_return_address(0))

#define CALL(result, name, parameters, arguments, failure, error)                                  \
	FIND(name)                                                                                 \
	result name parameters                                                                     \
	{                                                                                          \
		if (!DUE(#name))                                                                   \
			return REAL(name) arguments;                                               \
		if (error)                                                                         \
			errno = error;                                                             \
		return failure;                                                                    \
	}
#include "calls.def"

/* What follows does not fit the form. */

#define OPEN(name, parameters, arguments, ...)                                                     \
	FIND(name)                                                                                 \
	int name parameters                                                                        \
	{                                                                                          \
		mode_t mode = 0;                                                                   \
		va_list rest;                                                                      \
                                                                                                   \
		if (DUE(#name)) {                                                                  \
			errno = EMFILE;                                                            \
			return -1;                                                                 \
		}                                                                                  \
		if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {                         \
			va_start(rest, flags);                                                     \
			mode = va_arg(rest, mode_t);                                               \
			va_end(rest);                                                              \
		}                                                                                  \
		return REAL(name) arguments;                                                       \
	}

OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
OPEN(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
OPEN(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))

FIND(mremap)
void *mremap(void *at, size_t size, size_t new_size, int flags, ...)
{
	void *place = NULL;
	va_list rest;

	if (DUE("mremap")) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	if (flags & MREMAP_FIXED) {
		va_start(rest, flags);
		place = va_arg(rest, void *);
		va_end(rest);
	}
	return REAL(mremap)(at, size, new_size, flags, place);
}

int dprintf(int file, const char *format, ...)
{
	va_list arguments;
	int result = -1;

	if (DUE("dprintf")) {
		errno = ENOSPC;
		return -1;
	}
	va_start(arguments, format);
	result = vdprintf(file, format, arguments);
	va_end(arguments);
	return result;
}

/* Of the calls without a function only that: reads of folders. */
FIND(syscall)
long syscall(long number, ...)
{
	long argument[6];
	va_list rest;

	va_start(rest, number);
	for (int i = 0; i < 6; i++)
		argument[i] = va_arg(rest, long);
	va_end(rest);
	if (number == SYS_getdents64 && DUE("getdents64")) {
		errno = EIO;
		return -1;
	}
	return REAL(syscall)(number, argument[0], argument[1], argument[2], argument[3],
			     argument[4], argument[5]);
}

/* The preloaded library makes these for the program, a command for itself. */
FIND(fork)
pid_t fork(void)
{
	if (command_tested() && DUE("fork")) {
		errno = EAGAIN;
		return -1;
	}
	return REAL(fork)();
}

FIND(execv)
int execv(const char *path, char *const argv[])
{
	if (command_tested() && DUE("execv")) {
		errno = EACCES;
		return -1;
	}
	return REAL(execv)(path, argv);
}

/* A wait may be over too early, but not while the semaphore could be taken: POSIX has that. */
FIND(sem_clockwait)
int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until)
{
	if (DUE("sem_clockwait")) {
		if (sem_trywait(semaphore) == 0)
			return 0;
		errno = ETIMEDOUT;
		return -1;
	}
	return REAL(sem_clockwait)(semaphore, clock, until);
}

FIND(pthread_mutex_timedlock)
int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
	return DUE("pthread_mutex_timedlock") ? ETIMEDOUT
					      : REAL(pthread_mutex_timedlock)(mutex, until);
}

/*
 * A key of the program's own is created by the tool in its stead: only those are the tool's, or its
 * libraries', whose destructor is.
 */
static bool is_own[PTHREAD_KEYS_MAX];

FIND(pthread_key_create)
int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	enum owner owner = destructor ? owner_of((void *)destructor, NULL, NULL) : OWNER_PROGRAM;
	bool own = owner == OWNER_TOOL || owner == OWNER_HELPER;
	int error;

	if (own && DUE("pthread_key_create"))
		return EAGAIN;
	error = REAL(pthread_key_create)(key, destructor);
	if (!error && *key < PTHREAD_KEYS_MAX)
		is_own[*key] = own;
	return error;
}

FIND(pthread_setspecific)
int pthread_setspecific(pthread_key_t key, const void *value)
{
	if (key < PTHREAD_KEYS_MAX && is_own[key] && DUE("pthread_setspecific"))
		return ENOMEM;
	return REAL(pthread_setspecific)(key, value);
}

/*
 * The linker asks who calls dlopen() and dlsym(): the calls must be jumps, so that it sees the one
 * who called here. One that fails is another that really does, with a text for dlerror().
 */
FIND(dlopen)
void *dlopen(const char *path, int flags)
{
	return REAL(dlopen)(DUE("dlopen") ? "/fault/that/was/injected" : path, flags);
}

void *dlsym(void *handle, const char *name)
{
	bool due = handle != RTLD_NEXT && handle != RTLD_DEFAULT && DUE("dlsym");

	return real_dlsym(handle, due ? "fault_that_was_injected" : name);
}
