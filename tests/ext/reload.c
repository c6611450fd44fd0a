/* SPDX-License-Identifier: MIT */
/*
 * reload LIBPYTHON ROUNDS: a plain C program that loads an interpreter, runs it from its start to
 * its end and unloads it again, that many times. The first thread key of the process is its own,
 * with number 0, and zeroed in the middle of its life.
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

static int failures;

static void *lookup(void *library, const char *name)
{
	void *address = dlsym(library, name);

	if (!address) {
		fprintf(stderr, "reload: no %s\n", name);
		exit(1);
	}
	return address;
}

#define CALL(type, library, name, ...) (((type)lookup(library, name))(__VA_ARGS__))

static void create_twice(void)
{
	static struct key key;

	for (int turn = 0; turn < 2; turn++) {
		memset(&key, 0, sizeof(key));
		failures +=
			CALL(int (*)(struct key *), RTLD_DEFAULT, "PyThread_tss_create", &key) != 0;
		failures += key.is_initialized != 1;
	}
}

static void run(const char *path, int first)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);

	if (!library) {
		fprintf(stderr, "reload: %s\n", dlerror());
		exit(1);
	}
	if (first)
		create_twice();
	CALL(void (*)(int), library, "Py_InitializeEx", 0);
	failures += CALL(int (*)(const char *), library, "PyRun_SimpleString", "x = 1") != 0;
	failures += CALL(int (*)(void), library, "Py_FinalizeEx") != 0;
	failures += dlclose(library) != 0;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	for (int round = 0; round < atoi(argv[2]); round++)
		run(argv[1], round == 0);
	printf("%d failures\n", failures);
	return failures != 0;
}
