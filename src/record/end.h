/* SPDX-License-Identifier: MIT */
/* The last line: where the trace is, what is in it, what was lost, what to type next. */
#ifndef PYTHREAD_TRACE_RECORD_END_H
#define PYTHREAD_TRACE_RECORD_END_H

#include "record/session.h"

/* relay: the connection of url_connect(), or -1. */
void end_report(const struct plan *plan, const struct session *session, const struct losses *losses,
		int relay);

#endif
