/* SPDX-License-Identifier: MIT */
/* Threads of the tool's own, which nobody waits for. */
#ifndef PYTHREAD_TRACE_OWN_THREAD_H
#define PYTHREAD_TRACE_OWN_THREAD_H

#include <stddef.h>

/*
 * Starts one: detached, and with all signals blocked, as these are for the program's threads.
 * Where it cannot be started, a line says so: `what`, and why. stack: its size in bytes; 0: the
 * usual one. Between tool_enter() and tool_leave(), or with tool_set_inside().
 */
void own_thread_start(void *(*run)(void *), size_t stack, const char *what);

#endif
