/* SPDX-License-Identifier: MIT */
/*
 * A full disk, or a daemon that was killed, cuts a stream in the middle of a packet, and then
 * babeltrace2 refuses the whole trace. What is behind the last whole packet is taken away.
 */
#ifndef PYTHREAD_TRACE_RECORD_MEND_H
#define PYTHREAD_TRACE_RECORD_MEND_H

/* One trace, that nobody writes any more. */
void mend_trace(const char *directory);

#endif
