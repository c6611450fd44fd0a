/* SPDX-License-Identifier: MIT */
#include "hook/pthread_key.h"

#include "base/path.h"
#include "hook/elf.h"
#include "hook/process.h"
#include "hook/real.h"
#include "hook/thread.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "stack/modules.h"
#include "stack/stack.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

EXPORT int pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
EXPORT int pthread_key_delete(pthread_key_t key);

int pthread_hook_create_key(pthread_key_t *key, void (*destructor)(void *))
{
	int error = real()->pthread_key_create(key, destructor);

	if (error == EAGAIN && !tool_is_inside() && !tool_is_forking() && thread_give_up_key())
		error = real()->pthread_key_create(key, destructor);
	return error;
}

int pthread_hook_delete_key(pthread_key_t key)
{
	return real()->pthread_key_delete(key);
}

static void record_failure(const void *caller)
{
	struct site site;

	if (!tool_enter())
		return;
	stack_capture(&site, caller);
	keys_raw_create_failed(&site);
	trace_raw_created(KEY_SLOTS, EAGAIN, &site);
	tool_leave();
}

/* Nobody wakes up in this thread, nor is a fork guarded, until it is outside again. */
static bool begin_asleep(void)
{
	if (!process_is_asleep() || tool_is_inside() || tool_is_forking())
		return false;
	tool_set_inside(true);
	return true;
}

static void record_creation(pthread_key_t key, const void *caller)
{
	struct site site = {.caller = caller};

	process_wake_if_runtime(caller);
	if (!tool_enter()) {
		if (begin_asleep()) {
			keys_raw_created(key, &site, false);
			tool_set_inside(false);
		}
		return;
	}
	site.tid = (pid_t)syscall(SYS_gettid);
	keys_raw_created(key, &site, false);
	keys_count_created(module_at(caller));
	if (keys_are_short()) {
		stack_capture(&site, caller);
		keys_check_supply(&site);
	}
	trace_raw_created(key, 0, &site);
	tool_leave();
}

/*
 * LTTng's libraries, which may be there before the program begins (liblttng-ust-dl): with their
 * keys in front, every key of the program would have another number when it is recorded.
 */
static bool is_tracer(const void *caller)
{
	struct elf_object object;
	const char *name;

	/* Not dladdr(): its lock may be the one that a signal handler has interrupted. */
	if (!elf_at(&object, caller))
		return false;
	name = path_last(object.name);
	return strncmp(name, "liblttng-ust", strlen("liblttng-ust")) == 0 ||
	       strncmp(name, "liburcu", strlen("liburcu")) == 0;
}

static int create_for_tracer(pthread_key_t *key, void (*destructor)(void *), const void *caller)
{
	struct site site = {.caller = caller};
	int error;

	/* As wake() will say; it may not have been there yet. */
	core_host.key_create = pthread_hook_create_key;
	core_host.key_delete = pthread_hook_delete_key;
	error = core_key_create_above(TOOL_KEY_LEAST, key, destructor);
	if (!error)
		keys_raw_created(*key, &site, true);
	return error;
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	const void *caller = __builtin_return_address(0);
	int error;

	/* Asleep, a thread is inside while it records a key, and a signal handler comes. */
	if (tool_is_forking() || (tool_is_inside() && !process_has_begun_to_wake()))
		return pthread_hook_create_key(key, destructor);
	/* By a library that the tool uses, or in a signal handler by the program: not recorded. */
	if (tool_is_inside())
		return core_key_create_above(TOOL_KEY_LEAST, key, destructor);
	if (is_tracer(caller))
		return create_for_tracer(key, destructor, caller);
	error = pthread_hook_create_key(key, destructor);
	if (!error)
		record_creation(*key, caller);
	else if (error == EAGAIN)
		record_failure(caller);
	return error;
}

int pthread_key_delete(pthread_key_t key)
{
	struct site site = {.caller = __builtin_return_address(0)};

	if (process_is_awake() && tool_enter()) {
		site.tid = (pid_t)syscall(SYS_gettid);
		trace_raw_deleting(key, &site);
		keys_raw_deleting(key, &site);
		tool_leave();
	} else if (begin_asleep()) {
		keys_raw_deleting(key, &site);
		tool_set_inside(false);
	}
	return pthread_hook_delete_key(key);
}
