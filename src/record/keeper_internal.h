/* SPDX-License-Identifier: MIT */
/* Between the command and its keeper: two pipes. */
#ifndef PYTHREAD_TRACE_RECORD_KEEPER_INTERNAL_H
#define PYTHREAD_TRACE_RECORD_KEEPER_INTERNAL_H

#include "record/keeper.h"

/* What the command writes: a session's name with its NUL, then one of these. */
#define KEEPER_DONE '\n' /* it has ended */
#define KEEPER_HANGS '!' /* its daemon does not answer */

/* What the keeper writes: a byte for each. */
enum keeper_answer {
	KEEPER_READY = 'r',
	KEEPER_IN_PLACE = 'p', /* the trace */
	KEEPER_ENDED = 'e',    /* the session daemon, or it was not ours */
	KEEPER_IN_USE = 'u',   /* it is, by others */
};

/* The keeper's life, in its own process; control and answer: its ends. home: see keeper_start(). */
void keeper_run(const struct plan *plan, const char *home, int control, int answer)
	__attribute__((noreturn));

#endif
