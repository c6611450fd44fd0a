/* SPDX-License-Identifier: MIT */
/* Each event from a command's arguments, which have the names of the event's fields. */
#include "emit_events.h"

#include <string.h>

#define NUMBER(name) command_number(command, #name)
#define SLOT(name) ((int32_t)command_number(command, #name))
#define ADDRESS(name) command_address(command, #name)
#define TEXT(name) command_text(command, #name)
#define SITE command_site(command, &(struct command_site){.stack = {0}})

#define EVENT(name)                                                                                \
	static void emit_##name(const struct provider *provider, const struct command *command)

EVENT(tss_alloc)
{
	provider->tss_alloc(ADDRESS(key), TEXT(module), SITE);
}

EVENT(tss_free)
{
	provider->tss_free(ADDRESS(key), SLOT(slot), TEXT(module), SITE);
}

EVENT(tss_create)
{
	provider->tss_create(ADDRESS(key), SLOT(slot), SLOT(result), TEXT(module), SITE);
}

EVENT(tss_delete)
{
	provider->tss_delete(ADDRESS(key), SLOT(slot), TEXT(module), SITE);
}

EVENT(tss_set)
{
	provider->tss_set(ADDRESS(key), SLOT(slot), ADDRESS(value), SLOT(result), ADDRESS(caller));
}

EVENT(tss_get)
{
	provider->tss_get(ADDRESS(key), SLOT(slot), ADDRESS(value), ADDRESS(caller));
}

EVENT(tss_is_created)
{
	provider->tss_is_created(ADDRESS(key), SLOT(result), ADDRESS(caller));
}

EVENT(key_create)
{
	provider->key_create(SLOT(slot), TEXT(module), SITE);
}

EVENT(key_delete)
{
	provider->key_delete(SLOT(slot), TEXT(module), SITE);
}

EVENT(key_set)
{
	provider->key_set(SLOT(slot), ADDRESS(value), SLOT(result), ADDRESS(caller));
}

EVENT(key_get)
{
	provider->key_get(SLOT(slot), ADDRESS(value), ADDRESS(caller));
}

EVENT(key_delete_value)
{
	provider->key_delete_value(SLOT(slot), ADDRESS(caller));
}

EVENT(pthread_key_create)
{
	provider->pthread_key_create(SLOT(slot), SLOT(result), TEXT(module), ADDRESS(caller));
}

EVENT(pthread_key_delete)
{
	provider->pthread_key_delete(SLOT(slot), TEXT(module), ADDRESS(caller));
}

EVENT(mutex_lock_req)
{
	provider->mutex_lock_req(ADDRESS(mutex), ADDRESS(caller));
}

EVENT(mutex_lock_acq)
{
	provider->mutex_lock_acq(ADDRESS(mutex), NUMBER(contended), NUMBER(sure), SITE);
}

EVENT(mutex_unlock)
{
	provider->mutex_unlock(ADDRESS(mutex), (uint32_t)NUMBER(waiters), ADDRESS(caller));
}

EVENT(object_name)
{
	provider->object_name(ADDRESS(object), TEXT(type), TEXT(name), TEXT(module));
}

EVENT(thread_exit)
{
	provider->thread_exit((uint32_t)NUMBER(values_left));
}

EVENT(finding)
{
	const struct trace_finding finding = {
		.id = (uint32_t)NUMBER(id),
		.object = ADDRESS(object),
		.type = TEXT(type),
		.slot = SLOT(slot),
		.kind = TEXT(kind),
		.severity = TEXT(severity),
		.message = TEXT(message),
		.count = (uint32_t)NUMBER(count),
	};

	provider->finding(&finding, SITE);
}

EVENT(finding_story)
{
	const struct trace_story story = {
		.finding = (uint32_t)NUMBER(finding),
		.role = TEXT(role),
		.caption = TEXT(caption),
		.tid = SLOT(tid),
	};

	provider->finding_story(&story, SITE);
}

EVENT(python_stack)
{
	provider->python_stack((uint32_t)NUMBER(id), TEXT(frames));
}

EVENT(statedump_start)
{
	(void)command;
	provider->statedump_start();
}

EVENT(statedump_process)
{
	const struct trace_process process = {
		.version = TEXT(version),
		.program = TEXT(program),
		.python_version = TEXT(python_version),
		.python_build = TEXT(python_build),
		.free_threaded = NUMBER(free_threaded),
		.ppid = SLOT(ppid),
		.keys_limit = (uint32_t)NUMBER(keys_limit),
	};

	provider->statedump_process(&process);
}

EVENT(statedump_key)
{
	const struct trace_key key = {
		.key = ADDRESS(key),
		.slot = SLOT(slot),
		.type = TEXT(type),
		.name = TEXT(name),
		.module = TEXT(module),
	};

	provider->statedump_key(&key, SITE);
}

EVENT(statedump_mutex)
{
	const struct trace_mutex mutex = {
		.mutex = ADDRESS(mutex),
		.name = TEXT(name),
		.module = TEXT(module),
		.owner = SLOT(owner),
		.locked = NUMBER(locked),
		.waiters = (uint32_t)NUMBER(waiters),
		.held_ns = (uint64_t)NUMBER(held_ns),
		.acquired = (uint64_t)NUMBER(acquired),
		.contended = (uint64_t)NUMBER(contended),
		.runtime = NUMBER(runtime),
	};

	provider->statedump_mutex(&mutex, SITE);
}

EVENT(statedump_thread)
{
	const struct trace_thread thread = {
		.tid = SLOT(tid),
		.name = TEXT(name),
		.waiting_for = ADDRESS(waiting_for),
		.waiting_ns = (uint64_t)NUMBER(waiting_ns),
	};

	provider->statedump_thread(&thread, SITE);
}

EVENT(statedump_interpreter)
{
	provider->statedump_interpreter(ADDRESS(interpreter), NUMBER(id));
}

EVENT(statedump_end)
{
	(void)command;
	provider->statedump_end();
}

#undef EVENT

static const struct {
	const char *name;
	void (*emit)(const struct provider *provider, const struct command *command);
} events[] = {
#define EVENT(name) {#name, emit_##name},
#include "tracepoints/events.def"
	EVENT(statedump_start) EVENT(statedump_process) EVENT(statedump_key) EVENT(statedump_mutex)
		EVENT(statedump_thread) EVENT(statedump_interpreter) EVENT(statedump_end)};

bool events_emit(const struct provider *provider, const struct command *command)
{
	unsigned int i;

	for (i = 0; i < countof(events); i++) {
		if (!strcmp(events[i].name, command->words[0])) {
			events[i].emit(provider, command);
			return true;
		}
	}
	return false;
}

const int *events_enabled(const struct provider *provider, const char *name)
{
	unsigned int i;

	for (i = 0; i < TRACE_EVENT_COUNT; i++) {
		if (!strcmp(events[i].name, name))
			return provider->enabled[i];
	}
	command_die("no such event of pythread", name);
}
