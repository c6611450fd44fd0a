/* SPDX-License-Identifier: MIT */
/* Kinds of fields that several events share. */
#ifndef PYTHREAD_TRACE_FIELDS_H
#define PYTHREAD_TRACE_FIELDS_H

#define PT_ADDRESS(name, value)                                                                    \
	lttng_ust_field_integer_hex(uint64_t, name, (uint64_t)(uintptr_t)(value))

#define PT_TEXT(name, value) lttng_ust_field_string(name, (value) ? (value) : "")

/* A struct trace_site. */
#define PT_SITE(site)                                                                              \
	PT_ADDRESS(caller, (site)->caller)                                                         \
	lttng_ust_field_integer(uint32_t, python_stack, (site)->python)                            \
		lttng_ust_field_sequence_hex(uint64_t, stack, (const uint64_t *)(site)->stack,     \
					     unsigned int, (site)->depth)

#endif
