/* SPDX-License-Identifier: MIT */
/*
 * A snapshot when a finding of severity error occurs. The session daemon takes it by itself, from
 * buffers that outlive the program, so nothing is lost when the program crashes right after.
 */
#ifndef PYTHREAD_TRACE_RECORD_SNAPSHOT_H
#define PYTHREAD_TRACE_RECORD_SNAPSHOT_H

/* For the first ten of them, which bounds what is written. LTTng's error number; LTTNG_OK. */
int snapshot_arm(const char *session);

/* After the session has ended. */
void snapshot_forget(const char *session);

#endif
