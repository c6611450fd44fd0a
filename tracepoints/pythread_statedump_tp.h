/* SPDX-License-Identifier: MIT */
/*
 * The events of the provider "pythread_statedump": what exists already when a recording begins.
 * EVENTS.md describes them.
 */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER pythread_statedump

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "tracepoints/pythread_statedump_tp.h"

#if !defined(PYTHREAD_TRACE_PYTHREAD_STATEDUMP_TP_H) ||                                            \
	defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define PYTHREAD_TRACE_PYTHREAD_STATEDUMP_TP_H

#include <lttng/tracepoint.h>

#include "tracepoints/provider.h"
#include "tracepoints/fields.h"

LTTNG_UST_TRACEPOINT_EVENT(pythread_statedump, start, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread_statedump, start, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread_statedump, process,
	LTTNG_UST_TP_ARGS(const struct trace_process *, process),
	LTTNG_UST_TP_FIELDS(
		PT_TEXT(version, process->version)
		PT_TEXT(program, process->program)
		PT_TEXT(python_version, process->python_version)
		PT_TEXT(python_build, process->python_build)
		lttng_ust_field_integer(uint8_t, free_threaded, process->free_threaded)
		lttng_ust_field_integer(int32_t, ppid, process->ppid)
		lttng_ust_field_integer(uint32_t, keys_limit, process->keys_limit)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread_statedump, process, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread_statedump, key,
	LTTNG_UST_TP_ARGS(const struct trace_key *, key, const struct trace_site *, created),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(key, key->key)
		lttng_ust_field_integer(int32_t, slot, key->slot)
		PT_TEXT(type, key->type)
		PT_TEXT(name, key->name)
		PT_TEXT(module, key->module)
		PT_SITE(created)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread_statedump, key, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread_statedump, mutex,
	LTTNG_UST_TP_ARGS(const struct trace_mutex *, mutex, const struct trace_site *, locked),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(mutex, mutex->mutex)
		PT_TEXT(name, mutex->name)
		PT_TEXT(module, mutex->module)
		lttng_ust_field_integer(int32_t, owner, mutex->owner)
		lttng_ust_field_integer(uint8_t, locked, mutex->locked)
		lttng_ust_field_integer(uint32_t, waiters, mutex->waiters)
		lttng_ust_field_integer(uint64_t, held_ns, mutex->held_ns)
		lttng_ust_field_integer(uint64_t, acquired, mutex->acquired)
		lttng_ust_field_integer(uint64_t, contended, mutex->contended)
		lttng_ust_field_integer(uint8_t, runtime, mutex->runtime)
		PT_SITE(locked)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread_statedump, mutex, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread_statedump, thread,
	LTTNG_UST_TP_ARGS(const struct trace_thread *, thread, const struct trace_site *, waiting),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int32_t, tid, thread->tid)
		PT_TEXT(name, thread->name)
		PT_ADDRESS(waiting_for, thread->waiting_for)
		lttng_ust_field_integer(uint64_t, waiting_ns, thread->waiting_ns)
		PT_SITE(waiting)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread_statedump, thread, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread_statedump, interpreter,
	LTTNG_UST_TP_ARGS(const void *, interpreter, int64_t, id),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(interpreter, interpreter)
		lttng_ust_field_integer(int64_t, id, id)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread_statedump, interpreter, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread_statedump, end, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread_statedump, end, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

#endif

#include <lttng/tracepoint-event.h>
