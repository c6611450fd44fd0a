/* SPDX-License-Identifier: MIT */
/* The table: a function for each event. */
#include "tracepoints/provider.h"

#include "tracepoints/internal.h"
#include "tracepoints/pythread_statedump_tp.h"
#include "tracepoints/pythread_tp.h"

#include <errno.h>

/* The last parameter of every event of the provider "pythread" is the context "ip". */
#define RECORD(provider, event, ...)                                                               \
	do {                                                                                       \
		int *const place = &errno, error = *place;                                         \
                                                                                                   \
		lttng_ust_tracepoint(provider, event, ##__VA_ARGS__);                              \
		*place = error;                                                                    \
	} while (0)

static void tss_alloc(const void *key, const char *module, const struct trace_site *site)
{
	RECORD(pythread, tss_alloc, key, -1, module, site, (void *)site->caller);
}

static void tss_free(const void *key, int32_t slot, const char *module,
		     const struct trace_site *site)
{
	RECORD(pythread, tss_free, key, slot, module, site, (void *)site->caller);
}

static void tss_create(const void *key, int32_t slot, int result, const char *module,
		       const struct trace_site *site)
{
	RECORD(pythread, tss_create, key, slot, result, module, site, (void *)site->caller);
}

static void tss_delete(const void *key, int32_t slot, const char *module,
		       const struct trace_site *site)
{
	RECORD(pythread, tss_delete, key, slot, module, site, (void *)site->caller);
}

static void tss_set(const void *key, int32_t slot, const void *value, int result,
		    const void *caller)
{
	RECORD(pythread, tss_set, key, slot, value, result, (void *)caller);
}

static void tss_get(const void *key, int32_t slot, const void *value, const void *caller)
{
	RECORD(pythread, tss_get, key, slot, value, (void *)caller);
}

static void tss_is_created(const void *key, int result, const void *caller)
{
	RECORD(pythread, tss_is_created, key, result, (void *)caller);
}

static void key_create(int32_t slot, const char *module, const struct trace_site *site)
{
	RECORD(pythread, key_create, slot, module, site, (void *)site->caller);
}

static void key_delete(int32_t slot, const char *module, const struct trace_site *site)
{
	RECORD(pythread, key_delete, slot, module, site, (void *)site->caller);
}

static void key_set(int32_t slot, const void *value, int result, const void *caller)
{
	RECORD(pythread, key_set, slot, value, result, (void *)caller);
}

static void key_get(int32_t slot, const void *value, const void *caller)
{
	RECORD(pythread, key_get, slot, value, (void *)caller);
}

static void key_delete_value(int32_t slot, const void *caller)
{
	RECORD(pythread, key_delete_value, slot, (void *)caller);
}

static void raw_key_create(int32_t slot, int result, const char *module, const void *caller)
{
	RECORD(pythread, pthread_key_create, slot, result, module, (void *)caller);
}

static void raw_key_delete(int32_t slot, const char *module, const void *caller)
{
	RECORD(pythread, pthread_key_delete, slot, module, (void *)caller);
}

static void mutex_lock_req(const void *mutex, const void *caller)
{
	RECORD(pythread, mutex_lock_req, mutex, (void *)caller);
}

static void mutex_lock_acq(const void *mutex, bool contended, bool sure,
			   const struct trace_site *site)
{
	RECORD(pythread, mutex_lock_acq, mutex, contended, sure, site, (void *)site->caller);
}

static void mutex_unlock(const void *mutex, uint32_t waiters, const void *caller)
{
	RECORD(pythread, mutex_unlock, mutex, waiters, (void *)caller);
}

static void object_name(const void *object, const char *type, const char *name, const char *module)
{
	RECORD(pythread, object_name, object, type, name, module, NULL);
}

static void thread_exit(uint32_t values_left)
{
	RECORD(pythread, thread_exit, values_left, NULL);
}

static void finding(const struct trace_finding *finding, const struct trace_site *site)
{
	RECORD(pythread, finding, finding, site, (void *)site->caller);
}

static void finding_story(const struct trace_story *story, const struct trace_site *site)
{
	RECORD(pythread, finding_story, story, site, (void *)site->caller);
}

static void python_stack(uint32_t id, const char *frames)
{
	RECORD(pythread, python_stack, id, frames, NULL);
}

static void statedump_start(void)
{
	RECORD(pythread_statedump, start);
}

static void statedump_process(const struct trace_process *process)
{
	RECORD(pythread_statedump, process, process);
}

static void statedump_key(const struct trace_key *key, const struct trace_site *created)
{
	RECORD(pythread_statedump, key, key, created);
}

static void statedump_mutex(const struct trace_mutex *mutex, const struct trace_site *locked)
{
	RECORD(pythread_statedump, mutex, mutex, locked);
}

static void statedump_thread(const struct trace_thread *thread, const struct trace_site *waiting)
{
	RECORD(pythread_statedump, thread, thread, waiting);
}

static void statedump_interpreter(const void *interpreter, int64_t id)
{
	RECORD(pythread_statedump, interpreter, interpreter, id);
}

static void statedump_end(void)
{
	RECORD(pythread_statedump, end);
}

#define EVENT(name) [TRACE_##name] = &lttng_ust_tracepoint_pythread___##name.state,

extern const struct provider pythread_trace_provider;

EXPORT const struct provider pythread_trace_provider = {
	.abi = PROVIDER_ABI,
	.enabled =
		{
#include "tracepoints/events.def"
		},
	.attach = session_attach,
	.before_fork = fork_before,
	.after_fork = fork_after,
	.symbol = symbol_at,
	.tss_alloc = tss_alloc,
	.tss_free = tss_free,
	.tss_create = tss_create,
	.tss_delete = tss_delete,
	.tss_set = tss_set,
	.tss_get = tss_get,
	.tss_is_created = tss_is_created,
	.key_create = key_create,
	.key_delete = key_delete,
	.key_set = key_set,
	.key_get = key_get,
	.key_delete_value = key_delete_value,
	.pthread_key_create = raw_key_create,
	.pthread_key_delete = raw_key_delete,
	.mutex_lock_req = mutex_lock_req,
	.mutex_lock_acq = mutex_lock_acq,
	.mutex_unlock = mutex_unlock,
	.object_name = object_name,
	.thread_exit = thread_exit,
	.finding = finding,
	.finding_story = finding_story,
	.python_stack = python_stack,
	.statedump_start = statedump_start,
	.statedump_process = statedump_process,
	.statedump_key = statedump_key,
	.statedump_mutex = statedump_mutex,
	.statedump_thread = statedump_thread,
	.statedump_interpreter = statedump_interpreter,
	.statedump_end = statedump_end,
};
