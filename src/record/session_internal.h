/* SPDX-License-Identifier: MIT */
/* The parts of a recording session's life. */
#ifndef PYTHREAD_TRACE_RECORD_SESSION_INTERNAL_H
#define PYTHREAD_TRACE_RECORD_SESSION_INTERNAL_H

#include "record/session.h"

#define SESSION_CHANNEL "pythread" /* the name of the one that all events go into */

struct lttng_domain;

/*
 * What an error of LTTng's means, a number of either sign: that its daemon has ended, or a failure,
 * after one line that says what is wrong, with what.
 */
enum session_result session_failed(const char *what, const char *name, int error);

/* These need session->handle. */
enum session_result session_add_channels(struct session *session, struct lttng_domain *domain,
					 const struct plan *plan);

/* names: with commas between them; those that make a trace understood are added to them. */
enum session_result session_add_events(struct session *session, const char *names);

/* more: likewise, of contexts; NULL: none. */
enum session_result session_add_contexts(struct session *session, const char *more);

/* What the channels say, of all programs that recorded into them; losses is all zero before. */
void session_count_losses(const struct session *session, struct losses *losses);

/* Destroys the session, and waits for that; its handle is freed. */
void session_leave(struct session *session, const struct plan *plan);

#endif
