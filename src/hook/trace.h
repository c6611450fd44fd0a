/* SPDX-License-Identifier: MIT */
/*
 * Events for LTTng, by the provider of tracepoints/provider.h, which is loaded late or never. Not
 * loaded, or loaded and not recording, each test here is two loads.
 *
 * No event comes from a thread inside the tool's own work, from a process that is muted, or from a
 * signal handler in a thread that has not begun (thread.h). Uses of keys by the interpreter are
 * events only with --interpreter yes. errno is kept.
 */
#ifndef PYTHREAD_TRACE_TRACE_H
#define PYTHREAD_TRACE_TRACE_H

#include "core/core.h"
#include "model/finding.h"
#include "model/keys.h"
#include "tracepoints/provider.h"

/* What is done while events are recorded: frequent then, and else not in the fast path's way. */
#define RECORDED_PATH __attribute__((noinline))

/* NULL: not loaded, or not any more. */
extern const struct provider *trace_provider NOT_EXPORTED;

static inline const struct provider *trace_get(void)
{
	return __atomic_load_n(&trace_provider, __ATOMIC_RELAXED);
}

/* Where each event says whether some session records it; somewhere it is never while none may. */
extern const int *trace_enabled[TRACE_EVENT_COUNT] NOT_EXPORTED;

/* Whether a session records this event now. Costs the same loaded and not. */
static inline bool trace_wants(enum trace_event event)
{
	const int *enabled = __atomic_load_n(&trace_enabled[event], __ATOMIC_RELAXED);

	return unlikely(__atomic_load_n(enabled, __ATOMIC_RELAXED) != 0);
}

/* Whether it records how mutexes are taken. */
static inline bool trace_wants_locks(void)
{
	return trace_wants(TRACE_mutex_lock_req) || trace_wants(TRACE_mutex_lock_acq);
}

/* LTTng's own: closes a file, unless it is one of LTTng's. NULL: LTTng is not loaded. */
extern int (*trace_safe_close)(int file, int (*close)(int file));

/* trace_load.c: once there is an interpreter, when --tracer and LTTng say so. Inside the tool. */
void trace_load(void);

/* trace_load.c: a thread begins, outside of signal handlers: later it may trace in one. */
void trace_thread_begins(void);

/* trace_load.c: a thread ends, with values left in these keys. */
void trace_thread_ends(const struct keys_left *left);

/*
 * trace_fork.c. Around fork: first of all; then with the tool's other locks; and last of all, when
 * the thread does not count as forking any more. In an unguarded one's child nothing is traced.
 */
void trace_before_fork(void);
void trace_unlock_after_fork(bool in_child);
void trace_after_fork(bool in_child);
void trace_after_unguarded_fork(void);

/*
 * trace_fork.c. In a forked child: it is about to do what is worth an event, or to have a second
 * thread. Until this was called, the child traces nothing. False where it cannot begin now: in a
 * signal handler. Waits for a session daemon that is there.
 */
bool trace_child_begins(void);

/*
 * trace_key.c: the lives of keys, between tool_enter() and tool_leave(); the deletions before the
 * operation, while the model knows the key.
 */
void trace_tss_allocated(const struct tss *key, const struct site *site);
void trace_tss_freeing(const struct tss *key, const struct site *site);
void trace_tss_created(const struct tss *key, int result, const struct site *site);
void trace_tss_deleting(const struct tss *key, const struct site *site);
void trace_key_created(int key, const struct site *site);
void trace_key_deleting(int key, const struct site *site);
void trace_raw_created(unsigned int key, int error, const struct site *site);
void trace_raw_deleting(unsigned int key, const struct site *site);

/*
 * trace_use.c: uses of keys, outside of the tool's work, where trace_wants() said so; after the
 * operation.
 */
void trace_tss_set(const struct tss *key, const void *value, int result, const void *caller);
void trace_tss_get(const struct tss *key, const void *value, const void *caller);
void trace_tss_is_created(const struct tss *key, int result, const void *caller);
void trace_key_set(int key, const void *value, int result, const void *caller);
void trace_key_get(int key, const void *value, const void *caller);
void trace_key_delete_value(int key, const void *caller);

/* trace_finding.c. in_handler: nothing may be allocated. Inside the tool. */
void trace_finding(const struct finding *finding, bool in_handler);

/*
 * trace_finding.c. While a report is written that is not the last one, findings that say how things
 * stand are not told: they may be over by the end. One more, or one less, such report.
 */
void trace_hold_state(bool hold);

/*
 * trace_name.c, trace_key.c: an annotation gave the object a name, and the trace may know it by
 * another. Inside the tool.
 */
void trace_renamed(const void *object, const char *name);
void trace_renamed_key(int key, const char *name);

#endif
