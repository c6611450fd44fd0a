/* SPDX-License-Identifier: MIT */
/*
 * What is known of the objects that a trace has names for. Inside src/hook/ only; under
 * trace_lock(). Memory comes from an arena: an object for which it runs out has no name.
 */
#ifndef PYTHREAD_TRACE_TRACE_ENTRY_H
#define PYTHREAD_TRACE_TRACE_ENTRY_H

#include "hook/trace_name.h"

/* Lives as long as the process. */
struct trace_entry {
	const char *symbol;	  /* the variable that it is, or NULL */
	uint32_t module, ordinal; /* else the file, 0 where it is not known, and which one of it */
	uint8_t told;		  /* in this era */
	bool provisional;	  /* no more is known than its address */
};

/* NULL where it was never met. */
struct trace_entry *trace_entry_find(const struct trace_object *object);

/*
 * Takes the lock, and finds out what can be known, for which the lock is given back meanwhile.
 * Inside the tool's work. NULL where the object can have no name; the lock is taken then, too.
 */
struct trace_entry *trace_entry_lock(const struct trace_object *object);

#endif
