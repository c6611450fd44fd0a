/* SPDX-License-Identifier: MIT */
/*
 * Names of objects for the reader of a trace: an annotation, the variable in an object file that
 * the object is, or an ordinal: "mutex 3 of spam.so".
 *
 * A name is told once before the object's first event. Whoever reads may not have heard it, when
 * another session has begun to record, or the process is a child: then all are told anew.
 */
#ifndef PYTHREAD_TRACE_TRACE_NAME_H
#define PYTHREAD_TRACE_TRACE_NAME_H

#include "hook/trace.h"
#include "model/mutexes.h"

/* Of what is told now; never 0. Any thread. */
extern uint8_t trace_era;

static inline uint8_t trace_current_era(void)
{
	return __atomic_load_n(&trace_era, __ATOMIC_RELAXED);
}

/* All is told anew from now on. */
void trace_begin_era(void);

enum trace_type { TRACE_TYPE_TSS, TRACE_TYPE_KEY, TRACE_TYPE_RAW, TRACE_TYPE_MUTEX };

const char *trace_type_name(enum trace_type type);

struct trace_object {
	enum trace_type type;
	const void *address; /* or the number, of what is known by number */
	const char *name;    /* from an annotation, or NULL */
	const void *code;    /* that made it or used it first */
	uint32_t module;     /* that it lives in, where that is known already; else 0 */
	bool in_handler;     /* nothing may be allocated: it is told by its address */
	bool anew;	     /* another object than the one that may have been there before */
	bool stranger;	     /* the model does not know it: only so many of these are told */
};

#define TRACE_NAME_SIZE 256

struct trace_label {
	char name[TRACE_NAME_SIZE];
	const char *module; /* the file's path; NULL: not known */
};

/* The object's name. Inside the tool's work. False where there is none. */
bool trace_label(const struct trace_object *object, struct trace_label *label);

/* Tells the name unless it was told. Inside the tool's work. True when a lasting one is told. */
bool trace_tell_name(const struct trace_object *object);

/* Tells this new name, if the trace knows the object by another one. Inside the tool's work. */
void trace_tell_new_name(enum trace_type type, const void *address, const char *name);

/* The path of a file, by its number or by code in it; NULL: there is none. */
const char *trace_module(uint32_t module);
const char *trace_module_of(const void *code);

/* A mutex, by its record. Outside of the tool's work or, by the second one, inside. */
void trace_name_mutex(struct mutex_record *record);
void trace_name_mutex_inside(struct mutex_record *record, bool in_handler);

/* Around fork, and in the child of an unguarded one. */
void trace_name_before_fork(void);
void trace_name_after_fork(void);

/* The lock, for what else is told once. Taken inside the tool's work only. */
void trace_lock(void);
void trace_unlock(void);

#endif
