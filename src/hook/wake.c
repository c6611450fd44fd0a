/* SPDX-License-Identifier: MIT */
/* From asleep to awake: options, the interpreter, and what each level needs of the one above. */
#include "base/clock.h"
#include "hook/coverage.h"
#include "hook/facts.h"
#include "hook/fork.h"
#include "hook/mutex_host.h"
#include "hook/process.h"
#include "hook/pthread_key.h"
#include "hook/real.h"
#include "hook/redirect.h"
#include "hook/runtime.h"
#include "hook/state.h"
#include "hook/thread.h"
#include "hook/tool.h"
#include "hook/trace.h"
#include "hook/withdraw.h"
#include "model/mutexes.h"
#include "report/report.h"
#include "stack/modules.h"
#include "stack/probe.h"
#include "stack/python.h"
#include "stack/stack.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define STATUS_BAD_USAGE 2

static bool read_memory(const void *address, void *out, size_t size)
{
	struct iovec local = {out, size}, remote = {(void *)(uintptr_t)address, size};

	if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)size)
		return true;
	/* A sandbox may forbid the call: then what can be read may not be called gone. */
	if (errno == EFAULT || !probe_readable(address) ||
	    !probe_readable((const char *)address + size - 1))
		return false;
	memcpy(out, address, size);
	return true;
}

static bool is_wanted(enum finding_kind kind)
{
	/* What strict calls a leak is about things left behind, whatever it is called otherwise. */
	return process.options.leak_check != LEAK_CHECK_OFF ||
	       finding_severity(kind, true) != SEVERITY_LEAK;
}

static void take_finding(const struct finding *finding)
{
	const struct story *here = finding_here(finding);
	bool in_handler = here && stack_in_signal_handler(&here->site);

	if (!is_wanted(finding->kind) || !process_is_own())
		return;
	trace_finding(finding, in_handler);
	report_finding(finding, !in_handler);
	if (!in_handler)
		coverage_keep();
}

static void refuse(const struct options_error *error)
{
	dprintf(STDERR_FILENO, "pythread-trace: %s\n", error->text);
	real()->_exit(STATUS_BAD_USAGE);
}

static void read_options(void)
{
	const char *text = secure_getenv(OPTIONS_VARIABLE);
	struct options_error error;

	options_default(&process.options);
	if (text && !options_parse(&process.options, text, &error))
		refuse(&error);
	if (process.options.root && process.options.root != process.pid)
		process.muted = !process.options.follow_fork;
	mutex_host_judge_everyday();
}

static void host_model(void)
{
	keys_host.finding = take_finding;
	keys_host.is_runtime = runtime_contains;
	keys_host.module = module_at;
	keys_host.place = stack_place;
	keys_host.read = read_memory;
	keys_host.judge_runtime = process.options.interpreter;
	mutexes_host.finding = take_finding;
	mutexes_host.is_runtime = runtime_contains;
	mutexes_host.module = module_at;
	mutexes_host.set_busy = tool_set_busy;
	mutexes_host.judge_runtime = process.options.interpreter;
	mutexes_host.long_hold = clock_from_ns(process.options.long_hold_ns);
	mutexes_host.time_all = process.options.long_hold_ns || process.options.watchdog_ms;
	mutexes_host.long_wait = clock_from_ns(process.options.long_wait_ns);
}

/* Memory of a key must come from where the interpreter's own functions would take it. */
static void host_core(void)
{
	void *allocate = runtime_symbol("PyMem_RawMalloc");
	void *release = runtime_symbol("PyMem_RawFree");

	if (allocate && release) {
		*(void **)&core_host.malloc = allocate;
		*(void **)&core_host.free = release;
	}
}

static void adopt_runtime(void)
{
	if (!runtime_adopt())
		return;
	/* Loaded into a running interpreter, we have missed what it did before. */
	keys_host.complete = !runtime_is_initialized();
	host_core();
	python_init(runtime_symbol, process.options.python_stack);
	mutex_host_adopt();
	withdraw_absent();
	redirect_all();
}

static void wake(void)
{
	struct options_error error;

	process.pid = getpid();
	clock_init();
	core_host.key_create = pthread_hook_create_key;
	core_host.key_delete = pthread_hook_delete_key;
	read_options();
	host_model();
	stack_init(process.options.stack_depth);
	adopt_runtime();
	if (!process.muted &&
	    !report_init(&process.options, facts_collect, facts_plugin_path(), &error))
		refuse(&error);
	thread_watch_ends();
	trace_load();
}

void process_wake(void)
{
	enum state expected = ASLEEP;
	int saved = errno, cancellation;

	if (tool_is_inside() || tool_is_forking() ||
	    !__atomic_compare_exchange_n(&process.state, &expected, WAKING, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		return;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellation);
	tool_set_inside(true);
	wake();
	tool_set_inside(false);
	__atomic_store_n(&process.state, AWAKE, __ATOMIC_RELEASE);
	pthread_setcancelstate(cancellation, &cancellation);
	errno = saved;
}

void process_wake_if_runtime(const void *code)
{
	if (tool_is_inside() || runtime_is_known() || !runtime_is_new(code))
		return;
	process_wake();
	if (!tool_enter())
		return;
	if (!runtime_is_known()) { /* awake before the interpreter came */
		adopt_runtime();
		trace_load();
	}
	tool_leave();
}

/*
 * What this process executes is to know that it is a child, and where its report goes, as it does
 * under the command. Only before the program has threads, which might read the environment.
 */
static void name_root(void)
{
	const char *text = secure_getenv(OPTIONS_VARIABLE);
	struct buffer named = {0};
	char number[24];

	if (!text || !process.options.output || process.options.root)
		return;
	snprintf(number, sizeof(number), "%d", (int)process.pid);
	buffer_printf(&named, "%s", text);
	options_append(&named, "root", number);
	if (!named.failed)
		setenv(OPTIONS_VARIABLE, named.data, 1);
	buffer_free(&named);
}

/* Libraries that are initialised before this one may have called us, and woken us up, already. */
static __attribute__((constructor)) void start(void)
{
	int saved = errno;

	real();
	fork_watch();
	if (runtime_is_there()) {
		process_wake();
		name_root();
		if (trace_get())
			thread_begin(); /* LTTng's threads are not to outlive the first one */
	}
	errno = saved;
}
