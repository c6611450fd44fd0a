/* SPDX-License-Identifier: MIT */
/*
 * What makes findings equal: kind, roles and stacks of all stories; where there is no native stack
 * at all, caller and object too. Compared as bytes: it has no padding that is not cleared.
 */
#ifndef PYTHREAD_TRACE_IDENTITY_H
#define PYTHREAD_TRACE_IDENTITY_H

#include "model/finding.h"

struct identity {
	uint32_t kind, stories;
	struct {
		uint32_t role, native, python;
	} story[STORY_MAX];
	const void *address, *caller;
	int64_t slot;
};

void identity_of(const struct finding *finding, struct identity *identity);

#endif
