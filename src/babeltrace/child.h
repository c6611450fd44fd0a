/* SPDX-License-Identifier: MIT */
/* Work in a child process, which may break down: signals of the user reach it. */
#ifndef PYTHREAD_TRACE_BABELTRACE_CHILD_H
#define PYTHREAD_TRACE_BABELTRACE_CHILD_H

#include "base/common.h"

/*
 * Before the first child: SIGINT, unless it is ignored, SIGTERM and SIGHUP are passed on to it, and
 * its end is heeded.
 */
void child_heed_signals(void);

/* Whether one came since. */
bool child_signals_came(void);

/*
 * Runs work(context) in a child, which ends with what that returns and leaves no core file. Returns
 * what waitpid() says of it.
 */
int child_run(int (*work)(void *context), void *context);

/* Of what child_run() returned: whether it died of a signal, and not of one the user sends. */
bool child_broke_down(int status);

/* As an exit status. */
int child_status(int status);

/* Memory that children share, zeroed; NULL and a line on standard error when there is none. */
void *child_share(size_t size);

#endif
