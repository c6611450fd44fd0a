/* SPDX-License-Identifier: MIT */
/* The process is copied: locks are held meanwhile, and the child begins afresh. */
#ifndef PYTHREAD_TRACE_FORK_H
#define PYTHREAD_TRACE_FORK_H

/*
 * Before anybody else's handlers are registered, so that no other ones run between ours: they may
 * wait for a lock, whose holder waits for one of ours.
 */
void fork_watch(void);

#endif
