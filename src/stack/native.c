/* SPDX-License-Identifier: MIT */
#include "stack/native.h"

#include "config.h"
#include "stack/modules.h"
#include "stack/probe.h"
#include "stack/store.h"
#include "stack/trail.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

/* Fork goes ahead after this long whatever happens: late is better than never. */
#define FORK_PATIENCE_NS 100000000L
#define FORK_STEP_NS 50000L

typedef int backtrace_fn(void **buffer, int size);

static backtrace_fn *unwind;
static char refusal[192] = "the stack module is not set up";
static struct {
	uintptr_t start, end;
} tool;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool gate_closed;
static atomic_uint unwinding;
/* volatile: read by a signal handler of the thread that writes it. */
static __thread volatile bool unwinding_here __attribute__((tls_model("initial-exec")));

void native_init(void)
{
	const struct module *own = module_get(module_at((const void *)native_init));
	void *warm_up[4];
	void *library;

	if (own) {
		tool.start = own->start;
		tool.end = own->end;
	}
	library = dlopen(LIBUNWIND_SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		snprintf(refusal, sizeof(refusal), "libunwind cannot be loaded: %s", dlerror());
		return;
	}
	unwind = (backtrace_fn *)dlsym(library, "unw_backtrace");
	if (!unwind) {
		snprintf(refusal, sizeof(refusal), "%s has no unw_backtrace", LIBUNWIND_SONAME);
		return;
	}
	probe_install(library);
	trail_init(library);
	unwind(warm_up, countof(warm_up));
}

const char *native_refusal(void)
{
	return unwind ? NULL : refusal;
}

static void enter(void)
{
	if (store_forking)
		return;
	for (;;) {
		atomic_fetch_add(&unwinding, 1);
		if (likely(!atomic_load(&gate_closed)))
			break;
		atomic_fetch_sub(&unwinding, 1);
		pthread_mutex_lock(&gate);
		pthread_mutex_unlock(&gate);
	}
	unwinding_here = true;
}

static void leave(void)
{
	if (store_forking)
		return;
	unwinding_here = false;
	atomic_fetch_sub(&unwinding, 1);
}

void native_before_fork(void)
{
	const struct timespec step = {.tv_nsec = FORK_STEP_NS};
	long waited = 0;
	int cancellation;

	if (unwinding_here)
		return;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellation);
	pthread_mutex_lock(&gate);
	atomic_store(&gate_closed, true);
	for (; atomic_load(&unwinding) != 0 && waited < FORK_PATIENCE_NS; waited += FORK_STEP_NS)
		nanosleep(&step, NULL);
	pthread_setcancelstate(cancellation, NULL);
}

void native_after_fork(void)
{
	if (unwinding_here)
		return;
	atomic_store(&gate_closed, false);
	pthread_mutex_unlock(&gate);
}

void native_lay_trail(void *const *frame, const void *caller, uint32_t number)
{
	enter();
	trail_lay(frame, caller, number);
	leave();
}

#if defined(__aarch64__)
#define INSTRUCTION_SIZE 4

/* Where it goes the quick way, libunwind yields the byte before a return address there. */
static void mend_addresses(void **raw, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		raw[i] = (char *)raw[i] + -(uintptr_t)raw[i] % INSTRUCTION_SIZE;
}
#else
static void mend_addresses(void **raw, unsigned int count)
{
	(void)raw, (void)count;
}
#endif

/* How many of the newest frames belong to the tool. */
static unsigned int own_frames(void *const *raw, unsigned int count, const void *caller)
{
	unsigned int near = count < NATIVE_SLACK ? count : NATIVE_SLACK;
	unsigned int i;

	for (i = 0; i < near; i++)
		if (raw[i] == caller)
			return i;
	for (i = 0; i < count; i++)
		if ((uintptr_t)raw[i] < tool.start || (uintptr_t)raw[i] >= tool.end)
			return i;
	return count;
}

bool native_capture(struct native_trace *trace, unsigned int depth, const void *caller)
{
	unsigned int count = 0, skip;
	int found;

	trace->ip = trace->raw;
	trace->count = 0;
	if (!unwind)
		return false;
	enter();
	found = unwind(trace->raw, (int)(depth + NATIVE_SLACK));
	leave();
	if (found > 0)
		count = (unsigned int)found;
	while (count > 0 && !trace->raw[count - 1])
		count--;
	mend_addresses(trace->raw, count);
	skip = own_frames(trace->raw, count, caller);
	trace->ip += skip;
	count -= skip;
	if (count == 0 && caller) {
		trace->raw[0] = (void *)caller;
		trace->ip = trace->raw;
		count = 1;
	}
	trace->count = count < depth ? count : depth;
	return true;
}
