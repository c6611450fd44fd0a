/* SPDX-License-Identifier: MIT */
/* Tracepoints of nobody's, with the payload of the tool's: what an event costs at the least. */
/* The macros are a language of their own. */
/* clang-format off */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER pythread_bench

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "bench_bare_tp.h"

#if !defined(PYTHREAD_TRACE_BENCH_BARE_TP_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define PYTHREAD_TRACE_BENCH_BARE_TP_H

#include <stdint.h>

#include <lttng/tracepoint.h>

LTTNG_UST_TRACEPOINT_EVENT(pythread_bench, tss_get,
	LTTNG_UST_TP_ARGS(uint64_t, key, int32_t, slot, uint64_t, value, uint64_t, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer_hex(uint64_t, key, key)
		lttng_ust_field_integer(int32_t, slot, slot)
		lttng_ust_field_integer_hex(uint64_t, value, value)
		lttng_ust_field_integer_hex(uint64_t, caller, caller)))

LTTNG_UST_TRACEPOINT_EVENT(pythread_bench, mutex_lock_req,
	LTTNG_UST_TP_ARGS(uint64_t, mutex, uint64_t, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer_hex(uint64_t, mutex, mutex)
		lttng_ust_field_integer_hex(uint64_t, caller, caller)))

LTTNG_UST_TRACEPOINT_EVENT(pythread_bench, mutex_lock_acq,
	LTTNG_UST_TP_ARGS(uint64_t, mutex, uint64_t, caller, const uint64_t *, stack,
			  unsigned int, depth),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer_hex(uint64_t, mutex, mutex)
		lttng_ust_field_integer(uint8_t, contended, 0)
		lttng_ust_field_integer(uint8_t, sure, 1)
		lttng_ust_field_integer_hex(uint64_t, caller, caller)
		lttng_ust_field_integer(uint32_t, python_stack, 0)
		lttng_ust_field_sequence_hex(uint64_t, stack, stack, unsigned int, depth)))

LTTNG_UST_TRACEPOINT_EVENT(pythread_bench, mutex_unlock,
	LTTNG_UST_TP_ARGS(uint64_t, mutex, uint32_t, waiters, uint64_t, caller),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer_hex(uint64_t, mutex, mutex)
		lttng_ust_field_integer(uint32_t, waiters, waiters)
		lttng_ust_field_integer_hex(uint64_t, caller, caller)))

#endif

#include <lttng/tracepoint-event.h>
