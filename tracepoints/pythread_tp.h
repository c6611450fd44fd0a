/* SPDX-License-Identifier: MIT */
/*
 * The events of the provider "pythread", described in EVENTS.md. Pointers are recorded as numbers
 * of 64 bits. The address in the context "ip" is the caller of the hooked function.
 */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER pythread

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "tracepoints/pythread_tp.h"

#if !defined(PYTHREAD_TRACE_PYTHREAD_TP_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define PYTHREAD_TRACE_PYTHREAD_TP_H

#include <lttng/tracepoint.h>

#include "tracepoints/provider.h"
#include "tracepoints/fields.h"

#define LTTNG_UST_TP_IP_PARAM caller

/* Keys that were made or are about to go. */
LTTNG_UST_TRACEPOINT_EVENT_CLASS(pythread, tss_life,
	LTTNG_UST_TP_ARGS(const void *, key, int32_t, slot, const char *, module,
			  const struct trace_site *, site, void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(key, key)
		lttng_ust_field_integer(int32_t, slot, slot)
		PT_TEXT(module, module)
		PT_SITE(site)))

#define PT_TSS_LIFE(name)                                                                          \
	LTTNG_UST_TRACEPOINT_EVENT_INSTANCE(pythread, tss_life, pythread, name,                    \
		LTTNG_UST_TP_ARGS(const void *, key, int32_t, slot, const char *, module,          \
				  const struct trace_site *, site, void *, caller))                \
	LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, name, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

PT_TSS_LIFE(tss_alloc)
PT_TSS_LIFE(tss_free)
PT_TSS_LIFE(tss_delete)

LTTNG_UST_TRACEPOINT_EVENT(pythread, tss_create,
	LTTNG_UST_TP_ARGS(const void *, key, int32_t, slot, int, result, const char *, module,
			  const struct trace_site *, site, void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(key, key)
		lttng_ust_field_integer(int32_t, slot, slot)
		lttng_ust_field_integer(int32_t, result, result)
		PT_TEXT(module, module)
		PT_SITE(site)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, tss_create, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread, tss_set,
	LTTNG_UST_TP_ARGS(const void *, key, int32_t, slot, const void *, value, int, result,
			  void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(key, key)
		lttng_ust_field_integer(int32_t, slot, slot)
		PT_ADDRESS(value, value)
		lttng_ust_field_integer(int32_t, result, result)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, tss_set, LTTNG_UST_TRACEPOINT_LOGLEVEL_DEBUG_FUNCTION)

LTTNG_UST_TRACEPOINT_EVENT(pythread, tss_get,
	LTTNG_UST_TP_ARGS(const void *, key, int32_t, slot, const void *, value, void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(key, key)
		lttng_ust_field_integer(int32_t, slot, slot)
		PT_ADDRESS(value, value)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, tss_get, LTTNG_UST_TRACEPOINT_LOGLEVEL_DEBUG_LINE)

LTTNG_UST_TRACEPOINT_EVENT(pythread, tss_is_created,
	LTTNG_UST_TP_ARGS(const void *, key, int, result, void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(key, key)
		lttng_ust_field_integer(int32_t, result, result)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, tss_is_created, LTTNG_UST_TRACEPOINT_LOGLEVEL_DEBUG_LINE)

/* The legacy functions, which know keys by number alone. */
LTTNG_UST_TRACEPOINT_EVENT_CLASS(pythread, key_life,
	LTTNG_UST_TP_ARGS(int32_t, slot, const char *, module, const struct trace_site *, site,
			  void *, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int32_t, slot, slot)
		PT_TEXT(module, module)
		PT_SITE(site)))

#define PT_KEY_LIFE(name)                                                                          \
	LTTNG_UST_TRACEPOINT_EVENT_INSTANCE(pythread, key_life, pythread, name,                    \
		LTTNG_UST_TP_ARGS(int32_t, slot, const char *, module,                             \
				  const struct trace_site *, site, void *, caller))                \
	LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, name, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

PT_KEY_LIFE(key_create)
PT_KEY_LIFE(key_delete)

LTTNG_UST_TRACEPOINT_EVENT(pythread, key_set,
	LTTNG_UST_TP_ARGS(int32_t, slot, const void *, value, int, result, void *, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int32_t, slot, slot)
		PT_ADDRESS(value, value)
		lttng_ust_field_integer(int32_t, result, result)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, key_set, LTTNG_UST_TRACEPOINT_LOGLEVEL_DEBUG_FUNCTION)

LTTNG_UST_TRACEPOINT_EVENT(pythread, key_get,
	LTTNG_UST_TP_ARGS(int32_t, slot, const void *, value, void *, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int32_t, slot, slot)
		PT_ADDRESS(value, value)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, key_get, LTTNG_UST_TRACEPOINT_LOGLEVEL_DEBUG_LINE)

LTTNG_UST_TRACEPOINT_EVENT(pythread, key_delete_value,
	LTTNG_UST_TP_ARGS(int32_t, slot, void *, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int32_t, slot, slot)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, key_delete_value,
			      LTTNG_UST_TRACEPOINT_LOGLEVEL_DEBUG_FUNCTION)

/* Keys made with pthreads directly: they count against the same limit. */
LTTNG_UST_TRACEPOINT_EVENT(pythread, pthread_key_create,
	LTTNG_UST_TP_ARGS(int32_t, slot, int, result, const char *, module, void *, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int32_t, slot, slot)
		lttng_ust_field_integer(int32_t, result, result)
		PT_TEXT(module, module)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, pthread_key_create, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread, pthread_key_delete,
	LTTNG_UST_TP_ARGS(int32_t, slot, const char *, module, void *, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(int32_t, slot, slot)
		PT_TEXT(module, module)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, pthread_key_delete, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread, mutex_lock_req,
	LTTNG_UST_TP_ARGS(const void *, mutex, void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(mutex, mutex)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, mutex_lock_req, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread, mutex_lock_acq,
	LTTNG_UST_TP_ARGS(const void *, mutex, bool, contended, bool, sure,
			  const struct trace_site *, site, void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(mutex, mutex)
		lttng_ust_field_integer(uint8_t, contended, contended)
		lttng_ust_field_integer(uint8_t, sure, sure)
		PT_SITE(site)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, mutex_lock_acq, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread, mutex_unlock,
	LTTNG_UST_TP_ARGS(const void *, mutex, uint32_t, waiters, void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(mutex, mutex)
		lttng_ust_field_integer(uint32_t, waiters, waiters)
		PT_ADDRESS(caller, caller)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, mutex_unlock, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread, object_name,
	LTTNG_UST_TP_ARGS(const void *, object, const char *, type, const char *, name,
			  const char *, module, void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(object, object)
		PT_TEXT(type, type)
		PT_TEXT(name, name)
		PT_TEXT(module, module)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, object_name, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread, thread_exit,
	LTTNG_UST_TP_ARGS(uint32_t, values_left, void *, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(uint32_t, values_left, values_left)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, thread_exit, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

LTTNG_UST_TRACEPOINT_EVENT(pythread, finding,
	LTTNG_UST_TP_ARGS(const struct trace_finding *, finding, const struct trace_site *, site,
			  void *, caller),
	LTTNG_UST_TP_FIELDS(
		PT_ADDRESS(object, finding->object)
		PT_TEXT(kind, finding->kind)
		PT_TEXT(severity, finding->severity)
		PT_TEXT(message, finding->message)
		lttng_ust_field_integer(uint32_t, id, finding->id)
		PT_TEXT(type, finding->type)
		lttng_ust_field_integer(int32_t, slot, finding->slot)
		lttng_ust_field_integer(uint32_t, count, finding->count)
		PT_SITE(site)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, finding, LTTNG_UST_TRACEPOINT_LOGLEVEL_ERR)

LTTNG_UST_TRACEPOINT_EVENT(pythread, finding_story,
	LTTNG_UST_TP_ARGS(const struct trace_story *, story, const struct trace_site *, site,
			  void *, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(uint32_t, finding, story->finding)
		PT_TEXT(role, story->role)
		PT_TEXT(caption, story->caption)
		lttng_ust_field_integer(int32_t, tid, story->tid)
		PT_SITE(site)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, finding_story, LTTNG_UST_TRACEPOINT_LOGLEVEL_ERR)

LTTNG_UST_TRACEPOINT_EVENT(pythread, python_stack,
	LTTNG_UST_TP_ARGS(uint32_t, id, const char *, frames, void *, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(uint32_t, id, id)
		PT_TEXT(frames, frames)))
LTTNG_UST_TRACEPOINT_LOGLEVEL(pythread, python_stack, LTTNG_UST_TRACEPOINT_LOGLEVEL_INFO)

#endif

#include <lttng/tracepoint-event.h>
