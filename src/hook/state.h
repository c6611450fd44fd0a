/* SPDX-License-Identifier: MIT */
/*
 * What the library knows of its process. Written while it wakes up and in forked children, when no
 * other thread is at work here; only `state` is read and written by several.
 */
#ifndef PYTHREAD_TRACE_STATE_H
#define PYTHREAD_TRACE_STATE_H

#include "options/options.h"

/* LOST: a child that a signal handler forked amid the tool's work or a fork: records half done. */
enum state { ASLEEP, WAKING, AWAKE, LOST };

struct process {
	enum state state;
	pid_t pid;
	bool muted; /* a child that is not to be followed */
	bool forked;
	struct options options;
};

extern struct process process NOT_EXPORTED;

#endif
