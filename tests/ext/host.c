/* SPDX-License-Identifier: MIT */
/*
 * host local|global|early LIBPYTHON ROUNDS CODE: a plain C program that loads an interpreter late,
 * as editors and databases do, and runs CODE in it, from its start to its end, that many times.
 * Around all that it uses a thread key itself, as the library's address table gives it; "early"
 * takes all addresses before it calls any.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct key {
	int is_initialized;
	pthread_key_t number;
};

static void *library;

static struct {
	const char *name;
	void *address;
} taken[] = {{"PyThread_tss_create", NULL},
	     {"PyThread_tss_set", NULL},
	     {"PyThread_tss_get", NULL},
	     {"PyThread_tss_delete", NULL}};

#define TAKEN (sizeof(taken) / sizeof(taken[0]))

static void *lookup(const char *name)
{
	void *address = dlsym(library, name);

	for (unsigned int i = 0; i < TAKEN; i++)
		if (taken[i].address && strcmp(taken[i].name, name) == 0)
			return taken[i].address;
	if (!address) {
		fprintf(stderr, "host: no %s\n", name);
		exit(1);
	}
	return address;
}

#define CALL(type, name, ...) (((type)lookup(name))(__VA_ARGS__))

static int run(const char *code)
{
	int failures;

	CALL(void (*)(int), "Py_InitializeEx", 0);
	failures = CALL(int (*)(const char *), "PyRun_SimpleString", code) != 0;
	return failures + (CALL(int (*)(void), "Py_FinalizeEx") != 0);
}

int main(int argc, char **argv)
{
	struct key key = {0};
	int failures = 0;

	if (argc != 5)
		return 2;
	library = dlopen(argv[2],
			 RTLD_NOW | (strcmp(argv[1], "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL));
	if (!library) {
		fprintf(stderr, "host: %s\n", dlerror());
		return 1;
	}
	for (unsigned int i = 0; i < TAKEN && strcmp(argv[1], "early") == 0; i++)
		taken[i].address = dlsym(library, taken[i].name);
	failures += CALL(int (*)(struct key *), "PyThread_tss_create", &key) != 0;
	failures += CALL(int (*)(struct key *, void *), "PyThread_tss_set", &key, &key) != 0;
	for (int round = atoi(argv[3]); round > 0; round--)
		failures += run(argv[4]);
	failures += CALL(void *(*)(struct key *), "PyThread_tss_get", &key) != &key;
	CALL(void (*)(struct key *), "PyThread_tss_delete", &key);
	printf("%d failures\n", failures);
	return failures != 0;
}
