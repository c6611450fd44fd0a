/* SPDX-License-Identifier: MIT */
/* Bytes to a file descriptor, in one write(2) where the kernel takes them at once. */
#ifndef PYTHREAD_TRACE_WRITE_H
#define PYTHREAD_TRACE_WRITE_H

#include "base/common.h"

/*
 * 0, or what went wrong as an errno. Only between guard_enter() and guard_leave(): SIGPIPE and
 * SIGXFSZ must be blocked, and one that this write caused is taken back. A descriptor in
 * non-blocking mode is waited for, but at most a second at a time.
 */
int write_all(int fd, const char *data, size_t length);

#endif
