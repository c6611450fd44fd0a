/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "hook/beside.h"
#include "hook/process.h"
#include "hook/runtime.h"
#include "hook/state.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "hook/trace_daemon.h"
#include "hook/trace_internal.h"
#include "hook/trace_statedump.h"
#include "hook/trace_threads.h"
#include "hook/tsan.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PROVIDER "libpythread-trace-lttng.so"
#define PROVIDER_IN_BUILD_TREE "../../../tracepoints/.libs/" PROVIDER
/* glibc loads it for pthread_cancel(), by which LTTng ends, and aborts where it cannot. */
#define UNWINDER "libgcc_s.so.1"
/* For the stacks of its threads, the buffers, and what it keeps. */
#define ROOM ((size_t)32 << 20)

static const int never;

#define EVENT(name) [TRACE_##name] = &never,
const int *trace_enabled[TRACE_EVENT_COUNT] = {
#include "tracepoints/events.def"
};
#undef EVENT

const struct provider *trace_provider;

int (*trace_safe_close)(int file, int (*close)(int file));

static void (*init_thread)(void); /* lttng_ust_init_thread() */

void trace_set_provider(const struct provider *provider)
{
	__atomic_store_n(&trace_provider, provider, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++)
		__atomic_store_n(&trace_enabled[i], provider->enabled[i], __ATOMIC_RELEASE);
}

void trace_fall_silent(void)
{
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++)
		__atomic_store_n(&trace_enabled[i], &never, __ATOMIC_RELAXED);
}

static bool is_wanted(void)
{
	return process.options.tracer == TRACER_ON ||
	       (process.options.tracer == TRACER_AUTO && trace_daemon_is_there());
}

static void complain(const char *why)
{
	if (process.options.tracer == TRACER_ON)
		dprintf(STDERR_FILENO,
			"pythread-trace: nothing is recorded in process %d: " PROVIDER ": %s\n",
			process.pid, why);
}

/* LTTng's library aborts the program that has none. */
static bool has_room(void)
{
	void *room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return room != MAP_FAILED && munmap(room, ROOM) == 0;
}

/* LTTng's library takes a mutex when a thread ends. */
static bool sanitizer_crashes(void)
{
	const char *options = getenv("TSAN_OPTIONS");

	return tsan_is_here() && !(options && strstr(options, "detect_deadlocks=0"));
}

static const struct provider *open_provider(void)
{
	char path[PATH_MAX];
	const struct provider *provider;
	void *library;

	if (!has_room()) {
		complain("there is too little memory for it");
		return NULL;
	}
	if (sanitizer_crashes()) {
		complain("ThreadSanitizer bears it only with TSAN_OPTIONS=detect_deadlocks=0");
		return NULL;
	}
	if (!beside_library(path, PROVIDER) && !beside_library(path, PROVIDER_IN_BUILD_TREE)) {
		complain("it is not installed beside libpythread-trace.so");
		return NULL;
	}
	trace_threads_note_tracer();
	if (!dlopen(UNWINDER, RTLD_NOW | RTLD_LOCAL)) {
		complain(dlerror());
		return NULL;
	}
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		complain(dlerror());
		return NULL;
	}
	provider = dlsym(library, PROVIDER_SYMBOL);
	if (!provider || provider->abi != PROVIDER_ABI) {
		complain("it belongs to another version");
		return NULL;
	}
	*(void **)&init_thread = dlsym(library, "lttng_ust_init_thread");
	*(void **)&trace_safe_close = dlsym(library, "lttng_ust_safe_close_fd");
	trace_guard_listeners((const void *)init_thread);
	return provider;
}

/*
 * The end of the process: what is left behind is told before LTTng's library ends, which it does
 * before the report is written. Destructors of libraries run in the order in which these were
 * loaded, where they do not need each other.
 */
static __attribute__((destructor)) void end(void)
{
	if (!trace_wants(TRACE_finding) || !process_is_own() || !tool_enter())
		return;
	if (!tool_is_in_signal_handler())
		keys_report_live();
	tool_leave();
	trace_fall_silent();
}

/* What the library makes now, threads and keys, is the tool's. */
void trace_load(void)
{
	static const struct trace_host host = {.statedump = trace_statedump};
	const struct provider *provider;

	if (trace_get() || process.muted || !runtime_is_known() || !is_wanted())
		return;
	provider = open_provider();
	if (!provider)
		return;
	trace_set_provider(provider);
	trace_thread_begins();
	provider->attach(&host);
}

void trace_thread_begins(void)
{
	if (trace_get() && init_thread)
		init_thread();
}

void trace_thread_ends(const struct keys_left *left)
{
	unsigned int count = 0;

	if (!trace_wants(TRACE_thread_exit))
		return;
	for (size_t i = 0; i < countof(left->slots); i++)
		count += (unsigned int)__builtin_popcountll(left->slots[i]);
	trace_get()->thread_exit(count);
}
