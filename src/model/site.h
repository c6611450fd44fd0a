/* SPDX-License-Identifier: MIT */
/*
 * A site: who called, and how the thread got there. Stacks are numbers that src/stack/ hands out
 * (interned once, never freed); the model only carries and compares them.
 */
#ifndef PYTHREAD_TRACE_SITE_H
#define PYTHREAD_TRACE_SITE_H

#include "base/common.h"

struct site {
	const void *caller; /* return address into the code that called the hooked function */
	uint32_t native;    /* native stack, 0 when none was taken */
	uint32_t python;    /* Python stack, or the reason why there is none */
	pid_t tid;	    /* the kernel's thread id; 0 in a site that was never filled in */
};

#define NOWHERE ((struct site){0})

#endif
