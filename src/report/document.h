/* SPDX-License-Identifier: MIT */
/*
 * A report with everything looked up: what the writers (text, JSON, SARIF) turn into their format.
 * Plain data, built afresh for each report and freed after it. NULL and 0 mean "not known". The
 * texts may come from anywhere and hold any byte: it is the writer who makes them fit its format.
 */
#ifndef PYTHREAD_TRACE_DOCUMENT_H
#define PYTHREAD_TRACE_DOCUMENT_H

#include "report/report.h"

struct shown_frame {
	uintptr_t ip;	    /* of the call itself, so that a symbolizer given it finds the line */
	const char *module; /* path */
	uintptr_t offset;   /* of ip in the module, link-time */
	const char *function;
	const char *file;
	unsigned int line;
};

struct shown_python_frame {
	const char *function;
	const char *file;
	int line;
};

struct shown_stack {
	enum site_role role;
	const char *caption;
	pid_t tid;
	const char *thread_name;	  /* of a thread that lives */
	const struct shown_frame *native; /* newest first; the bare caller where no stack exists */
	unsigned int native_count;
	const char *native_absent;		 /* why there is no native stack */
	const struct shown_python_frame *python; /* newest first */
	unsigned int python_count;
	const char *python_absent;
};

struct shown_object {
	struct finding_object facts;
	const char *module;	/* path of the library it lives in or was made by */
	bool made_by;		/* it was made by that library and lives on the heap or nowhere */
	const char *slot_owner; /* path of the library whose key the slot's number really is */
	const char *symbol;	/* the variable that holds it */
};

struct shown_finding {
	enum finding_kind kind;
	enum severity severity;
	const char *message;
	unsigned int count;
	bool suppressed;
	bool told;	 /* shown in full by an earlier write of this process */
	bool count_told; /* and so was its count */
	pid_t tid;
	const char *thread_name;
	struct shown_object object;
	struct shown_object other[OTHERS_MAX];
	unsigned int others;
	const struct shown_stack *stacks;
	unsigned int stack_count;
};

/* Which mutex. */
struct shown_mutex_id {
	const void *address;
	const char *name;   /* from an annotation */
	const char *symbol; /* the variable that holds it */
	uintptr_t into;	    /* and where in that */
	const char *module; /* path of the library it lives in or was first used by */
	bool is_home;	    /* it lives in that library */
	uintptr_t offset;   /* then where, link-time */
	const struct shown_stack *first_use;
};

struct shown_mutex {
	struct shown_mutex_id id;
	const struct report_mutex *facts;
	const struct shown_stack *waited_for; /* NULL: nobody ever waited */
};

struct shown_wait {
	struct shown_mutex_id id;
	const struct report_wait *facts;
	const char *thread_name, *holder_name;
	const struct shown_stack *waiting;
	const struct shown_stack *locked; /* where the holder took it */
};

/* How many different findings there are; "suppressed" ones are in none of the other numbers. */
struct report_summary {
	unsigned int errors, warnings, leaks, notes, suppressed;
};

static inline void summary_count(struct report_summary *summary,
				 const struct shown_finding *finding)
{
	unsigned int *const by_severity[SEVERITY_COUNT] = {
		[SEVERITY_ERROR] = &summary->errors,
		[SEVERITY_WARNING] = &summary->warnings,
		[SEVERITY_LEAK] = &summary->leaks,
		[SEVERITY_NOTE] = &summary->notes,
	};

	if (finding->suppressed)
		summary->suppressed++;
	else
		(*by_severity[finding->severity])++;
}

struct document {
	pid_t pid, ppid;
	const char *const *argv; /* NULL-terminated, or NULL */
	int exit_status;	 /* -1: not known (still running, or it never said) */
	const struct report_facts *facts;
	const struct shown_finding *findings;
	unsigned int finding_count;
	const struct shown_mutex *mutexes; /* those that this report shows, see chosen.h */
	unsigned int mutex_count;
	const struct shown_wait *waits;
	unsigned int wait_count;
	struct report_summary summary;
	const char *no_symbols; /* why addresses have no names; NULL when they were looked up */
};

#endif
