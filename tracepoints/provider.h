/* SPDX-License-Identifier: MIT */
/*
 * What the preloaded library and the LTTng provider, a shared object of its own, know of each
 * other. The library loads the provider late or never, and calls it through this table; the
 * provider knows nothing of the library but the host's functions.
 *
 * Every event's function may be called by any thread at any time, in a signal handler too; none
 * takes a lock, allocates or changes errno. Texts may be NULL, which is recorded as "".
 */
#ifndef PYTHREAD_TRACE_PROVIDER_H
#define PYTHREAD_TRACE_PROVIDER_H

#include "base/common.h"

#define PROVIDER_ABI 1
#define PROVIDER_SYMBOL "pythread_trace_provider"

enum trace_event {
#define EVENT(name) TRACE_##name,
#include "tracepoints/events.def"
#undef EVENT
	TRACE_EVENT_COUNT
};

/* Who called, and how the thread got there; an empty stack where none was taken. */
struct trace_site {
	const void *caller;	/* return address into the code that called; the context "ip" */
	const uintptr_t *stack; /* return addresses, newest first */
	unsigned int depth;
	uint32_t python; /* the "id" of a python_stack event; 0: none */
};

struct trace_finding {
	uint32_t id;	    /* unique in the process: joins finding_story to it */
	const void *object; /* as in object_name */
	const char *type;   /* "tss", "key", "mutex", or NULL */
	int32_t slot;	    /* -1: none */
	const char *kind, *severity, *message;
	uint32_t count;
};

struct trace_story {
	uint32_t finding;
	const char *role, *caption;
	int32_t tid;
};

/* What exists when a recording begins. */
struct trace_process {
	const char *version; /* of pythread-trace */
	const char *program;
	const char *python_version, *python_build; /* as in the JSON report */
	bool free_threaded;
	int32_t ppid;
	uint32_t keys_limit;
};

struct trace_key {
	const void *key; /* the Py_tss_t; a legacy key's or raw key's number */
	int32_t slot;
	const char *type; /* "tss", "key", "pthread" */
	const char *name, *module;
};

struct trace_mutex {
	const void *mutex;
	const char *name, *module;
	int32_t owner; /* tid; 0: nobody, or not known */
	bool locked;
	uint32_t waiters;
	uint64_t held_ns;	      /* by the owner so far; 0: not known */
	uint64_t acquired, contended; /* before the recording began */
	bool runtime;
};

struct trace_thread {
	int32_t tid;
	const char *name;
	const void *waiting_for; /* a mutex, or NULL */
	uint64_t waiting_ns;	 /* so far */
};

/* What the provider asks of the library. */
struct trace_host {
	/*
	 * A session has begun to record: say what exists, by the statedump functions below. Called
	 * in one of LTTng's own threads, which holds a lock that fork waits for: the function may
	 * take no lock that is held while a fork begins.
	 */
	void (*statedump)(void);
};

enum trace_fork_side {
	FORK_PARENT,
	FORK_CHILD,	  /* LTTng's threads are started again, and it registers */
	FORK_CHILD_QUIET, /* they are not, until a second pair of calls says so */
};

struct provider {
	unsigned int abi;

	/* By enum trace_event: not 0 while some session records it. Read relaxed. */
	const int *enabled[TRACE_EVENT_COUNT];

	/* Once. Calls host->statedump() from then on, and once for what is recording already. */
	void (*attach)(const struct trace_host *host);

	/*
	 * Around fork. False where LTTng's own helper library does the same for this one: then
	 * after_fork() need not be called.
	 */
	bool (*before_fork)(void);
	void (*after_fork)(enum trace_fork_side side);

	/*
	 * The variable of an object file that holds this link-time offset, from the file's symbol
	 * table, as "cache" or, inside of it, "cache+0x10"; false where none does. Not in a signal
	 * handler, and slow: reads the file.
	 */
	bool (*symbol)(const char *path, uintptr_t offset, char *out, size_t size);

	/* slot: -1 where there is none. module: the library that made the key. */
	void (*tss_alloc)(const void *key, const char *module, const struct trace_site *site);
	void (*tss_free)(const void *key, int32_t slot, const char *module,
			 const struct trace_site *site);
	void (*tss_create)(const void *key, int32_t slot, int result, const char *module,
			   const struct trace_site *site);
	void (*tss_delete)(const void *key, int32_t slot, const char *module,
			   const struct trace_site *site);
	void (*tss_set)(const void *key, int32_t slot, const void *value, int result,
			const void *caller);
	void (*tss_get)(const void *key, int32_t slot, const void *value, const void *caller);
	void (*tss_is_created)(const void *key, int result, const void *caller);

	void (*key_create)(int32_t slot, const char *module, const struct trace_site *site);
	void (*key_delete)(int32_t slot, const char *module, const struct trace_site *site);
	void (*key_set)(int32_t slot, const void *value, int result, const void *caller);
	void (*key_get)(int32_t slot, const void *value, const void *caller);
	void (*key_delete_value)(int32_t slot, const void *caller);

	/* Keys made with pthreads directly. */
	void (*pthread_key_create)(int32_t slot, int result, const char *module,
				   const void *caller);
	void (*pthread_key_delete)(int32_t slot, const char *module, const void *caller);

	void (*mutex_lock_req)(const void *mutex, const void *caller);
	/* sure: the end of this hold will be seen, whoever unlocks. */
	void (*mutex_lock_acq)(const void *mutex, bool contended, bool sure,
			       const struct trace_site *site);
	void (*mutex_unlock)(const void *mutex, uint32_t waiters, const void *caller);

	void (*object_name)(const void *object, const char *type, const char *name,
			    const char *module);
	void (*thread_exit)(uint32_t values_left);
	void (*finding)(const struct trace_finding *finding, const struct trace_site *site);
	void (*finding_story)(const struct trace_story *story, const struct trace_site *site);
	void (*python_stack)(uint32_t id, const char *frames);

	void (*statedump_start)(void);
	void (*statedump_process)(const struct trace_process *process);
	void (*statedump_key)(const struct trace_key *key, const struct trace_site *created);
	void (*statedump_mutex)(const struct trace_mutex *mutex, const struct trace_site *locked);
	void (*statedump_thread)(const struct trace_thread *thread,
				 const struct trace_site *waiting);
	void (*statedump_interpreter)(const void *interpreter, int64_t id);
	void (*statedump_end)(void);
};

#endif
