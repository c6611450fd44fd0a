/* SPDX-License-Identifier: MIT */
/* Processes that the program leaves behind, such as daemons: the recording ends without them. */
#ifndef PYTHREAD_TRACE_RECORD_LEFT_H
#define PYTHREAD_TRACE_RECORD_LEFT_H

#include "base/common.h"

/* One line when some are there half a second later. root: the program's process number. */
void left_report(pid_t root);

#endif
