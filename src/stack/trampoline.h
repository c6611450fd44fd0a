/* SPDX-License-Identifier: MIT */
/* Signal handlers on a stack. */
#ifndef PYTHREAD_TRACE_STACK_TRAMPOLINE_H
#define PYTHREAD_TRACE_STACK_TRAMPOLINE_H

#include "base/common.h"

/*
 * Whether this return address, which must be in mapped code, is the kernel's way back from a signal
 * handler.
 */
bool trampoline_is_at(const void *ip);

#endif
