/* SPDX-License-Identifier: MIT */
/*
 * Functions that this interpreter does not have: a program that looks for them must not find ours.
 */
#ifndef PYTHREAD_TRACE_WITHDRAW_H
#define PYTHREAD_TRACE_WITHDRAW_H

#include "base/common.h"

/* Once an interpreter has been adopted, before its symbols are redirected. */
void withdraw_absent(void);

/* Whether the adopted interpreter lacks this function (by its number). */
bool withdraw_is_absent(unsigned int function);

#endif
