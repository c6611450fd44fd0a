/* SPDX-License-Identifier: MIT */
/*
 * What makes findings equal: kind, roles, and the stacks of all stories.
 *
 * Two calls from one line of Python need not have one native stack: from 3.11 on the interpreter
 * rewrites its own code as it runs. So where the Python stacks are known and equal, the native
 * ones are compared only within the library that called. Where there is no native stack at all,
 * caller and objects must be the same too.
 */
#ifndef PYTHREAD_TRACE_IDENTITY_H
#define PYTHREAD_TRACE_IDENTITY_H

#include "model/finding.h"

/* Compared as bytes: identity_of() clears it all. */
struct identity {
	uint32_t kind, stories;
	struct {
		/* In the library that called, where there is a Python stack; or the bare caller. */
		uint64_t place;
		uint32_t module; /* that library */
		uint32_t native; /* the whole native stack, where there is none */
		uint32_t python;
		uint32_t role;
	} story[STORY_MAX];
	const void *address, *other[OTHERS_MAX], *caller;
	int64_t slot;
};

void identity_of(const struct finding *finding, struct identity *identity);

#endif
