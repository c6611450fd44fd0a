/* SPDX-License-Identifier: MIT */
/*
 * A process that starts the daemons a recording needs and ends what was begun, even when the
 * command itself is killed: it waits for the command to say that it is done, or to be gone. It has
 * a session of its own, so that no Ctrl-C reaches it nor the daemons.
 */
#ifndef PYTHREAD_TRACE_RECORD_KEEPER_H
#define PYTHREAD_TRACE_RECORD_KEEPER_H

#include "record/plan.h"

struct keeper {
	pid_t pid;
	int control; /* written to by the command */
	int answer;  /* read by the command */
};

/*
 * Starts it, and the daemons: a session daemon where none runs, a relay daemon where the plan wants
 * one. home: to be removed in the end, or NULL. False after one line that says what is wrong.
 */
bool keeper_start(struct keeper *keeper, const struct plan *plan, const char *home);

/* Names the session that it has to end when the command cannot. */
void keeper_watch(const struct keeper *keeper, const char *session);

/*
 * The session has been ended, or its daemon does not answer. Waits until the trace is where it
 * stays; see tree.h.
 */
void keeper_finish(struct keeper *keeper, bool answers);

/*
 * Waits until the daemons have ended. Where somebody else uses the session daemon that was started
 * the keeper goes on alone, ends it after them, and a line says so. So it does where the keeper
 * says nothing.
 */
void keeper_end(struct keeper *keeper);

#endif
