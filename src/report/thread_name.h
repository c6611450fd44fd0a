/* SPDX-License-Identifier: MIT */
/* What other threads of this process are called. */
#ifndef PYTHREAD_TRACE_THREAD_NAME_H
#define PYTHREAD_TRACE_THREAD_NAME_H

#include "base/common.h"

#define THREAD_NAME_SIZE 16

/*
 * The name of the thread that has this number now. False, and an empty name, when there is none: it
 * has ended, or it is another process's.
 */
bool thread_name_read(pid_t tid, char name[THREAD_NAME_SIZE]);

#endif
