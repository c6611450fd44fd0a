/* SPDX-License-Identifier: MIT */
#include "hook/process.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "hook/facts.h"
#include "hook/pthread.h"
#include "hook/real.h"
#include "hook/redirect.h"
#include "hook/runtime.h"
#include "hook/thread.h"
#include "report/guard.h"
#include "report/report.h"
#include "report/write.h"
#include "stack/modules.h"
#include "stack/probe.h"
#include "stack/python.h"
#include "stack/stack.h"

#define STATUS_BAD_USAGE 2

/* LOST: a child that a signal handler forked out of the tool's own work, its records half done. */
enum state { ASLEEP, WAKING, AWAKE, LOST };

static struct {
	enum state state;
	pid_t pid;
	bool muted; /* a forked child that is not to be followed */
	bool forked;
	struct options options;
} process;

/* volatile: read by a signal handler of the thread that writes it. */
static __thread volatile bool inside INITIAL_EXEC;
static __thread bool forking INITIAL_EXEC;
static __thread int saved_errno INITIAL_EXEC;

bool process_is_awake(void)
{
	return __atomic_load_n(&process.state, __ATOMIC_ACQUIRE) == AWAKE;
}

bool process_is_asleep(void)
{
	return __atomic_load_n(&process.state, __ATOMIC_ACQUIRE) < AWAKE;
}

bool process_is_own(void)
{
	return !process_is_awake() || getpid() == process.pid;
}

bool tool_is_inside(void)
{
	return inside;
}

bool tool_is_forking(void)
{
	return forking;
}

bool tool_guard(void)
{
	if (inside || forking)
		return false;
	if (!process_is_awake()) {
		/* Another thread is waking the library up: what happens here goes unrecorded. */
		keys_host.complete = false;
		return false;
	}
	saved_errno = errno;
	inside = true;
	thread_pause_counting();
	return true;
}

bool tool_enter(void)
{
	return !process.muted && tool_guard();
}

void tool_leave(void)
{
	thread_resume_counting();
	errno = saved_errno; /* first: the hook of a handler that comes now saves its own */
	inside = false;
}

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

bool tool_is_in_signal_handler(void)
{
	struct site site;
	stack_t alternate;

	if (sigaltstack(NULL, &alternate) == 0 && (alternate.ss_flags & SS_ONSTACK))
		return true;
	stack_capture(&site, NULL);
	return stack_in_signal_handler(&site);
}

static bool is_wanted(enum finding_kind kind)
{
	/* What strict calls a leak is about things left behind, whatever it is called otherwise. */
	return process.options.leak_check != LEAK_CHECK_OFF ||
	       finding_severity(kind, true) != SEVERITY_LEAK;
}

static void take_finding(const struct finding *finding)
{
	const struct story *first = &finding->story[0];
	bool here = finding->stories && first->role == ROLE_HERE;

	if (is_wanted(finding->kind) && process_is_own())
		report_finding(finding, !here || !stack_in_signal_handler(&first->site));
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
}

static void host_model(void)
{
	keys_host.finding = take_finding;
	keys_host.is_runtime = runtime_contains;
	keys_host.module = facts_module;
	keys_host.place = stack_place;
	keys_host.read = read_memory;
	keys_host.judge_runtime = process.options.interpreter;
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
	redirect_all();
	python_init(runtime_symbol, process.options.python_stack);
}

/*
 * The program's own handlers of fork run between these, and may use keys. Where a signal handler
 * forks that interrupted the tool, its locks may be this thread's own: nothing is locked, and the
 * child does without the tool.
 */
static void before_fork(void)
{
	core_before_fork();
	if (inside)
		return;
	forking = true;
	keys_before_fork();
	stack_before_fork();
	thread_before_fork();
}

static void unlock_after_fork(bool in_child)
{
	thread_after_fork(in_child);
	stack_after_fork();
	keys_after_fork(in_child);
	forking = false;
}

static void after_fork_in_parent(void)
{
	if (forking)
		unlock_after_fork(false);
	core_after_fork();
}

static void after_fork_in_child(void)
{
	process.pid = getpid();
	process.forked = true;
	process.muted = !process.options.follow_fork;
	if (forking) {
		unlock_after_fork(true);
		report_after_fork(process.options.follow_fork);
	} else {
		__atomic_store_n(&process.state, LOST, __ATOMIC_RELEASE);
	}
	core_after_fork();
}

static void wake(void)
{
	struct options_error error;

	process.pid = getpid();
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
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

void process_wake(void)
{
	enum state expected = ASLEEP;
	int saved = errno, cancellation;

	if (inside || !__atomic_compare_exchange_n(&process.state, &expected, WAKING, false,
						   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellation);
	inside = true;
	wake();
	inside = false;
	__atomic_store_n(&process.state, AWAKE, __ATOMIC_RELEASE);
	pthread_setcancelstate(cancellation, &cancellation);
	errno = saved;
}

void process_wake_if_runtime(const void *code)
{
	if (inside || runtime_is_known() || !runtime_is_new(code))
		return;
	process_wake();
	if (!tool_enter())
		return;
	if (!runtime_is_known()) /* awake before the interpreter came */
		adopt_runtime();
	tool_leave();
}

static int write_report(int status, bool anything_seen)
{
	report_forget_leaks();
	keys_report_live();
	return report_write(status, anything_seen);
}

/* A forked child that did nothing says nothing. */
static void say_cut_short(bool anything_seen)
{
	struct guard guard;
	char line[160];
	int length;

	if (process.options.quiet || (process.forked && !anything_seen))
		return;
	/* Not dprintf(), which may allocate. */
	length = snprintf(
		line, sizeof(line),
		"==%d==pythread-trace: the program ends in a signal handler: what was found "
		"in it, leaks, notes and the summary are left out\n",
		process.pid);
	if (!guard_enter(&guard))
		return;
	write_all(STDERR_FILENO, line, (size_t)length);
	guard_leave(&guard);
}

int process_report(int status)
{
	int asked = -1;

	if (!process_is_awake() || !process_is_own() || !tool_enter())
		return -1;
	if (tool_is_in_signal_handler())
		say_cut_short(thread_called_from_outside());
	else
		asked = write_report(status, thread_called_from_outside());
	tool_leave();
	return asked;
}

void process_report_before_exec(void)
{
	bool anything_seen;

	if (!process_is_awake() || !process_is_own() || !tool_enter())
		return;
	/* Every subprocess begins as a fork that calls exec: with nothing found, not worth a line.
	 */
	anything_seen = !process.forked && thread_called_from_outside();
	if (tool_is_in_signal_handler())
		say_cut_short(anything_seen);
	else
		write_report(-1, anything_seen);
	tool_leave();
}

/* Libraries that are initialised before this one may have called us, and woken us up, already. */
static __attribute__((constructor)) void start(void)
{
	int saved = errno;

	real();
	if (runtime_is_there())
		process_wake();
	errno = saved;
}
