/* SPDX-License-Identifier: MIT */
/* Which findings of one process are equal. */
#ifndef PYTHREAD_TRACE_BABELTRACE_TOLD_IDENTITY_H
#define PYTHREAD_TRACE_BABELTRACE_TOLD_IDENTITY_H

#include <stdint.h>

struct process;
struct told_finding;

/* A digest of what makes findings equal; see report/identity.h. All its stories are there. */
uint64_t told_identity(const struct process *process, const struct told_finding *finding);

#endif
