/* SPDX-License-Identifier: MIT */
/*
 * A library, to be preloaded, whose handlers of fork use thread keys of every sort. Registered in a
 * constructor, they run while those that were registered later hold what they hold around a fork.
 */
#include "ext.h"

#include <stdio.h>

#pragma weak PyThread_tss_create
#pragma weak PyThread_tss_delete
#pragma weak PyThread_tss_set
#pragma weak PyThread_create_key
#pragma weak PyThread_delete_key

int use_and_delete_kept(void);

static Py_tss_t kept = Py_tss_NEEDS_INIT;

static void check(int good, const char *what)
{
	if (!good)
		fprintf(stderr, "forkhandlers: %s failed\n", what);
}

static void use_keys(void)
{
	Py_tss_t key = Py_tss_NEEDS_INIT;
	pthread_key_t raw;

	check(pthread_key_create(&raw, NULL) == 0, "pthread_key_create");
	check(pthread_key_delete(raw) == 0, "pthread_key_delete");
	if (!PyThread_tss_create)
		return;
	check(PyThread_tss_create(&key) == 0, "PyThread_tss_create");
	check(PyThread_tss_set(&key, &key) == 0, "PyThread_tss_set");
	PyThread_tss_delete(&key);
	PyThread_delete_key(PyThread_create_key());
	PyThread_tss_delete(&kept);
	check(PyThread_tss_create(&kept) == 0, "PyThread_tss_create");
}

/* For the program: whether the key can be used that the handlers made last. */
int use_and_delete_kept(void)
{
	int good = PyThread_tss_set(&kept, &kept) == 0;

	PyThread_tss_delete(&kept);
	return good;
}

static __attribute__((constructor)) void watch_forks(void)
{
	pthread_atfork(use_keys, use_keys, use_keys);
}
