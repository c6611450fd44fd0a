/* SPDX-License-Identifier: MIT */
/* What exists when a session begins to record. */
#ifndef PYTHREAD_TRACE_TRACE_STATEDUMP_H
#define PYTHREAD_TRACE_TRACE_STATEDUMP_H

/*
 * As the provider's host: in a thread of LTTng's, which has a lock that a fork takes before all of
 * the tool's. That thread does not become one that is watched.
 */
void trace_statedump(void);

#endif
