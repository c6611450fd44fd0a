/* SPDX-License-Identifier: MIT */
/* The process is copied: locks are held meanwhile, and the child begins afresh. */
#ifndef PYTHREAD_TRACE_FORK_H
#define PYTHREAD_TRACE_FORK_H

/* Once, as early as can be: the program's own handlers of fork are to run inside of ours. */
void fork_watch(void);

#endif
