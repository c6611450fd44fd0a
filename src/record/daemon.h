/* SPDX-License-Identifier: MIT */
/*
 * LTTng's daemons, as children of the calling process, which has blocked SIGCHLD and SIGUSR1 and
 * ends them. They end by themselves when it dies.
 */
#ifndef PYTHREAD_TRACE_RECORD_DAEMON_H
#define PYTHREAD_TRACE_RECORD_DAEMON_H

#include "record/url.h"

/*
 * A session daemon for this user: *pid is 0 where one runs already, else that of the one that was
 * started, which is ready. False after one line that says why there is none.
 */
bool daemon_session(pid_t *pid);

/* A relay daemon that listens on the relay's ports and writes into the directory. Likewise. */
bool daemon_relay(pid_t *pid, const struct relay_url *relay, const char *directory);

/* Ends it, and waits until it has ended. Of 0 there is none. */
void daemon_end(pid_t pid);

/* Kills one that does not answer any more, and what it started; *pid is 0 then. */
void daemon_kill(pid_t *pid);

/* Whether it has ended by itself. */
bool daemon_has_ended(pid_t *pid);

/*
 * Before anything else: a place for the daemon's sockets, where the user has no home directory that
 * can be written to and leaves room for their names. *made is it, or NULL where the home will do.
 * False after one line.
 */
bool daemon_home(char **made);

#endif
