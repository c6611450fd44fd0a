/* SPDX-License-Identifier: MIT */
/*
 * Emits events through the provider as a script on standard input says, without Python.
 *
 *     emit LIBPYTHREAD-TRACE-LTTNG.SO <SCRIPT
 *
 * A line of the script, of which everything after a # is a remark:
 *
 *     EVENT [NAME=VALUE]...       emits an event of "pythread", as mutex_lock_req, or of
 *                                 "pythread_statedump", as statedump_key. Values have the names of
 *                                 the event's fields, and are 0 or "" unless given. A number is
 *                                 written as in C; an address may be @SYMBOL+OFFSET; "stack" is
 *                                 addresses with commas between; "quotes" keep blanks.
 *     thread NAME LINE            does that in the thread of this name, which starts at its first
 *                                 line, and waits until it is done: lines happen in their order
 *     thread NAME end             ends that thread
 *     repeat N LINE
 *     fork LINE                   does that in a child process, and waits for its end
 *     state EVENT [NAME=VALUE]... what a session is told when it starts, in this order, between
 *                                 statedump_start and statedump_end
 *     state forget                ... nothing any more
 *     wait EVENT on|off           until a session records that event of "pythread", or none
 *     sleep SECONDS
 *     load PATH                   dlopen, for its symbols
 *     print TEXT                  a line on standard output: with pipes, for who waits for it
 *     kill NUMBER                 sends itself that signal
 *
 * The status is 0, or 2 when the script is wrong.
 */
#include "emit_command.h"
#include "emit_events.h"
#include "emit_threads.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STATES 256

static const struct provider *provider;

static pthread_mutex_t states_lock = PTHREAD_MUTEX_INITIALIZER;
static struct command *states[STATES];
static unsigned int states_count;

static void run(const struct command *command);

static void tell_states(void)
{
	unsigned int i;

	pthread_mutex_lock(&states_lock);
	provider->statedump_start();
	for (i = 0; i < states_count; i++)
		events_emit(provider, states[i]);
	provider->statedump_end();
	pthread_mutex_unlock(&states_lock);
}

static struct command *copy_of(const struct command *command)
{
	struct command *copy = calloc(1, sizeof(*copy));
	unsigned int i;

	if (!copy)
		command_die("no memory", command->words[0]);
	for (i = 0; i < command->count; i++)
		copy->words[copy->count++] = strdup(command->words[i]);
	return copy;
}

static void do_state(const struct command *command)
{
	const struct command rest = command_rest(command, 1);

	pthread_mutex_lock(&states_lock);
	if (!strcmp(rest.words[0], "forget"))
		states_count = 0; /* and what they were, for as long as the program lives */
	else if (states_count < STATES)
		states[states_count++] = copy_of(&rest);
	pthread_mutex_unlock(&states_lock);
}

static void run_in_thread(const void *command)
{
	run(command);
}

static void do_thread(const struct command *command)
{
	const struct command rest = command_rest(command, 2);

	if (!strcmp(rest.words[0], "end"))
		threads_end(command->words[1]);
	else
		threads_do(command->words[1], run_in_thread, &rest);
}

static void do_repeat(const struct command *command)
{
	const struct command rest = command_rest(command, 2);
	long count = strtol(command->words[1], NULL, 0);

	while (count-- > 0)
		run(&rest);
}

static void do_fork(const struct command *command)
{
	const struct command rest = command_rest(command, 1);
	pid_t child;

	provider->before_fork();
	child = fork();
	provider->after_fork(child ? FORK_PARENT : FORK_CHILD);
	if (child == 0) {
		run(&rest);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void pause_for(double seconds)
{
	const struct timespec time = {.tv_sec = (time_t)seconds,
				      .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};

	nanosleep(&time, NULL);
}

static void do_wait(const struct command *command)
{
	const struct command rest = command_rest(command, 2);
	const int *enabled = events_enabled(provider, command->words[1]);
	bool wanted = !strcmp(rest.words[0], "on");

	while ((__atomic_load_n(enabled, __ATOMIC_RELAXED) != 0) != wanted)
		pause_for(0.001);
}

static void do_sleep(const struct command *command)
{
	pause_for(strtod(command_rest(command, 1).words[0], NULL));
}

static void do_load(const struct command *command)
{
	if (!dlopen(command_rest(command, 1).words[0], RTLD_NOW | RTLD_GLOBAL))
		command_die("cannot load", dlerror());
}

static void do_print(const struct command *command)
{
	puts(command_rest(command, 1).words[0]);
	fflush(stdout);
}

static void do_kill(const struct command *command)
{
	kill(getpid(), (int)strtol(command_rest(command, 1).words[0], NULL, 0));
}

static const struct {
	const char *name;
	void (*run)(const struct command *command);
} words[] = {
	{"thread", do_thread}, {"repeat", do_repeat}, {"fork", do_fork},
	{"state", do_state},   {"wait", do_wait},     {"sleep", do_sleep},
	{"load", do_load},     {"print", do_print},   {"kill", do_kill},
};

static void run(const struct command *command)
{
	unsigned int i;

	for (i = 0; i < countof(words); i++) {
		if (!strcmp(words[i].name, command->words[0])) {
			words[i].run(command);
			return;
		}
	}
	if (!events_emit(provider, command))
		command_die("neither a word of the script nor an event", command->words[0]);
}

static void load_provider(const char *path)
{
	static const struct trace_host host = {.statedump = tell_states};
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	provider = library ? dlsym(library, PROVIDER_SYMBOL) : NULL;
	if (!provider)
		command_die("cannot load", dlerror());
	if (provider->abi != PROVIDER_ABI)
		command_die("this is another version", path);
	provider->attach(&host);
}

int main(int argc, char **argv)
{
	struct command *command;
	char *line = NULL;
	size_t size = 0;

	if (argc != 2)
		command_die("usage", "emit LIBPYTHREAD-TRACE-LTTNG.SO <SCRIPT");
	load_provider(argv[1]);
	while (getline(&line, &size, stdin) >= 0) {
		command = command_parse(line);
		if (command) {
			run(command);
			command_free(command);
		}
	}
	free(line);
	return 0;
}
