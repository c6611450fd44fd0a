/* SPDX-License-Identifier: MIT */
/* How old this process is. An exec does not make it younger. */
#ifndef PYTHREAD_TRACE_AGE_H
#define PYTHREAD_TRACE_AGE_H

#include "base/common.h"

#include <time.h>

/*
 * Whether that wall clock time may be after this process began, as far as clocks can tell: a tenth
 * of a second before it may be, too. True where it cannot be told.
 */
bool age_is_after_start(const struct timespec *when);

#endif
