/* SPDX-License-Identifier: MIT */
/*
 * keysofc keys|signals|FILE: a program without Python that makes and deletes thread keys: while it
 * forks, in the children, too; in a signal handler, which interrupts just that; or while it forks
 * children that load the library FILE.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define FORKS 500
#define SIGNALS 1000
#define PATIENCE_S 10

static atomic_bool stop;
static volatile sig_atomic_t handled;

static int use_key(void)
{
	pthread_key_t key;

	return pthread_key_create(&key, NULL) || pthread_key_delete(key);
}

static void *keep_using_keys(void *unused)
{
	while (!atomic_load(&stop))
		use_key();
	return unused;
}

static int run_child(const char *file)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		alarm(PATIENCE_S);
		_exit(file ? !dlopen(file, RTLD_NOW) : use_key());
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

/* Until a child does not end by itself. */
static int fork_among_keys(const char *file)
{
	pthread_t thread;
	int good = 0;

	pthread_create(&thread, NULL, keep_using_keys, NULL);
	while (good < FORKS && run_child(file))
		good++;
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	return good == FORKS;
}

static void handle(int number)
{
	(void)number;
	use_key();
	handled++;
}

static int interrupt_keys(void)
{
	const struct itimerval often = {{0, 300}, {0, 300}}, never = {{0, 0}, {0, 0}};

	signal(SIGALRM, handle);
	setitimer(ITIMER_REAL, &often, NULL);
	while (handled < SIGNALS)
		use_key();
	setitimer(ITIMER_REAL, &never, NULL);
	return 1;
}

int main(int argc, char **argv)
{
	int good;

	if (argc != 2)
		return 2;
	if (strcmp(argv[1], "signals") == 0)
		good = interrupt_keys();
	else
		good = fork_among_keys(strcmp(argv[1], "keys") == 0 ? NULL : argv[1]);
	puts(good ? "good" : "bad");
	return !good;
}
