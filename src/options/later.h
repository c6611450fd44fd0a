/* SPDX-License-Identifier: MIT */
/* The kinds of finding that later versions have: refused by name, wherever a user names kinds. */
#ifndef PYTHREAD_TRACE_LATER_H
#define PYTHREAD_TRACE_LATER_H

#include "base/common.h"

/* Whether that is the name of one. */
bool later_has_kind(const char *name, size_t length);

#endif
