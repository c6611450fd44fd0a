/* SPDX-License-Identifier: MIT */
/*
 * The report: keeps equal findings together, writes errors and warnings the moment they happen
 * and everything else at the end, as text, JSON or SARIF.
 *
 * Thread safe. May block on I/O, allocates, and may load the report plug-in (libdw, json-c): no
 * caller may hold a lock of the tool. Keeps errno, holds signals back while it works, and does
 * nothing when the calling thread is in the middle of it already. All of it is cheap for a process
 * that has nothing to say.
 */
#ifndef PYTHREAD_TRACE_REPORT_H
#define PYTHREAD_TRACE_REPORT_H

#include "model/finding.h"
#include "options/options.h"

struct report_hook {
	const char *function;
	bool hooked;
	const char *how; /* "export", "redirected", "slots"; when not hooked, why */
	uint64_t calls;
};

/* Keys by the library that created them. module is NULL where nobody saw the creation. */
struct report_owner {
	const char *module;
	unsigned int live, created;
};

/* How much of a mutex's life was seen. */
enum report_coverage {
	COVERAGE_ALL,	/* every acquisition */
	COVERAGE_ARMED, /* every one since it was first contended */
	COVERAGE_PART,	/* those that had to wait, and perhaps others */
};

struct report_mutex {
	const void *address;
	const char *name; /* from an annotation, or NULL */
	uint64_t acquired, contended;
	uint64_t wait_total_ns, wait_max_ns;
	uint64_t hold_total_ns, hold_max_ns; /* of the holds whose end was seen */
	uint64_t owner_changes;
	enum report_coverage coverage;
	bool hold_sampled; /* the times of holding are from a part of them, scaled up */
	bool runtime;	   /* the interpreter's own */
	uint32_t module;   /* that it lived in at its first use, by number; 0: none */
	struct site first_use;
	struct site waited_for; /* where the longest wait was; tid 0: nobody ever waited */
};

/* A thread that waits for a mutex at this moment. */
struct report_wait {
	const void *mutex;
	const char *mutex_name;
	struct site first_use; /* of the mutex */
	uint32_t module;       /* as in struct report_mutex */
	pid_t tid;
	uint64_t waiting_ns;
	struct site site;
	pid_t holder; /* 0: nobody saw who took it */
	uint64_t held_ns;
	struct site locked; /* where the holder took it */
};

/* What only the hooks know, asked for when a report is written. */
struct report_facts {
	const char *python_version; /* NULL: no interpreter */
	const char *python_build;   /* "executable", "shared", "none" */
	bool free_threaded;
	const struct report_hook *hooks;
	unsigned int hook_count;
	unsigned int keys_limit, keys_live, keys_peak;
	const struct report_owner *owners;
	unsigned int owner_count;
	const struct report_mutex *mutexes; /* what costs most comes first */
	unsigned int mutex_count;
	const struct report_wait *waits; /* the longest first */
	unsigned int wait_count;
	uint64_t rescues; /* waiters of ours that no unlock had woken */
	/* Records that memory ran out for: model and stacks; the report adds its own. */
	uint64_t dropped;
	const char *native_stack_refusal; /* NULL: stacks can be taken */
	const char *python_stack_refusal;
};

/* What would cost time in proportion to what the program does. */
struct report_wanted {
	bool mutexes, waits;
};

/*
 * Fills in *facts, which is cleared before; what is not wanted is left out. The arrays stay valid
 * until the next call. Called by one thread at a time, with the report's lock held: it may not
 * report a finding.
 */
typedef void report_facts_fn(struct report_facts *facts, const struct report_wanted *wanted);

/*
 * Once, before anything else. *options must stay as it is. plugin_path is the file of the report
 * plug-in and must stay too. Makes --output absolute, reads the suppression files: false and
 * *error when one of them cannot be read or understood.
 */
bool report_init(const struct options *options, report_facts_fn *facts, const char *plugin_path,
		 struct options_error *error);

/*
 * Takes a finding. Equal ones (same kind, same stacks: identity.h) are counted only. The first
 * sight of an error or warning is written at once, and --on-error obeyed after it, unless `now` is
 * false: then it waits for the next report (a signal handler may have interrupted malloc). Leaks
 * and notes wait for report_write() anyway.
 */
void report_finding(const struct finding *finding, bool now);

/*
 * Forgets the findings that say how things stand (keys that are live, grow, or are lost), so that
 * they can be given anew before the next report_write(). Two threads that report at the same
 * moment may each see only a part of them.
 */
void report_forget_leaks(void);

/* Whether there is a finding, shown or not. */
bool report_any_finding(void);

/*
 * The whole report. exit_status is -1 where it is not known. Returns the exit status that
 * --error-exitcode asks for, or -1 to leave the program's own. A forked child without calls or
 * findings of its own writes nothing, and neither does --quiet with nothing to say.
 *
 * May be called again (in the middle of a run, before an exec, at exit). Text shows each finding
 * in full once, but what report_forget_leaks() forgot and was given again is shown again; JSON and
 * SARIF are always complete.
 */
int report_write(int exit_status, bool anything_seen);

/*
 * A line about the tool itself, "pythread-trace: WHAT: WHY", to standard error, at once. Allocates
 * nothing.
 */
void report_trouble(const char *what, const char *why);

/* In a forked child: its own process, nothing found yet. follow: whether it may report at all. */
void report_after_fork(bool follow);

#endif
