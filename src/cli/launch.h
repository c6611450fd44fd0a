/* SPDX-License-Identifier: MIT */
/* Becoming the program, with the library in it. */
#ifndef PYTHREAD_TRACE_LAUNCH_H
#define PYTHREAD_TRACE_LAUNCH_H

#include "base/common.h"

/*
 * Puts the library in front of LD_PRELOAD, but for AddressSanitizer's, and the options in their
 * variable, for this process and what it executes. False after one line that says what is wrong.
 */
bool launch_prepare(const char *library, const char *options);

/* After execv() failed: one line that tells why, from errno. The exit status. */
int launch_failed(const char *path);

#endif
