/* SPDX-License-Identifier: MIT */
/*
 * libc's own functions behind the ones the library exports under the same names. Looked up in the
 * constructor: the dynamic linker may not be called in a vfork child.
 */
#ifndef PYTHREAD_TRACE_REAL_H
#define PYTHREAD_TRACE_REAL_H

#include <pthread.h>

struct real {
	int (*pthread_key_create)(pthread_key_t *key, void (*destructor)(void *));
	int (*pthread_key_delete)(pthread_key_t key);
	int (*pthread_create)(pthread_t *thread, const pthread_attr_t *attributes,
			      void *(*function)(void *), void *argument);
	int (*register_atfork)(void (*prepare)(void), void (*parent)(void), void (*child)(void),
			       void *dso);
	int (*dlclose)(void *handle);
	int (*close)(int file);
	void (*closefrom)(int first); /* NULL in glibc before 2.34 */
	void (*_exit)(int status) __attribute__((noreturn));
	void (*quick_exit)(int status) __attribute__((noreturn));
	int (*execve)(const char *path, char *const argv[], char *const environment[]);
	int (*execvpe)(const char *file, char *const argv[], char *const environment[]);
	int (*fexecve)(int file, char *const argv[], char *const environment[]);
	int (*execveat)(int directory, const char *path, char *const argv[],
			char *const environment[], int flags);
};

/* Complete from the first call on; cheap after it. */
const struct real *real(void);

#endif
