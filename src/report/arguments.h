/* SPDX-License-Identifier: MIT */
/* The arguments this process was started with, as the kernel has them. */
#ifndef PYTHREAD_TRACE_REPORT_ARGUMENTS_H
#define PYTHREAD_TRACE_REPORT_ARGUMENTS_H

#include "base/buffer.h"

/*
 * A NULL-terminated array, or NULL when they cannot be read. It and the texts live in *memory,
 * which must be a zeroed struct, until the caller frees that.
 */
const char *const *arguments_read(struct buffer *memory);

#endif
