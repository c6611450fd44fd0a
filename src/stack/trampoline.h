/* SPDX-License-Identifier: MIT */
/* Signal handlers on a stack. */
#ifndef PYTHREAD_TRACE_STACK_TRAMPOLINE_H
#define PYTHREAD_TRACE_STACK_TRAMPOLINE_H

#include "base/common.h"

#define TRAMPOLINE_SIZE 9 /* bytes that are read, at most */

/*
 * Whether this return address, which must be in readable memory, is the kernel's way back from a
 * signal handler.
 */
bool trampoline_is_at(const void *ip);

#endif
