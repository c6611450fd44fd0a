/* SPDX-License-Identifier: MIT */
/* babeltrace2's events to plain ones. */
#ifndef PYTHREAD_TRACE_BABELTRACE_DECODE_H
#define PYTHREAD_TRACE_BABELTRACE_DECODE_H

#include "babeltrace/layout.h"

/*
 * Fills in *out by the event's layout, which is not SEEN_OTHER. False when the event is not what
 * its class says; *out is then to be passed over.
 */
bool decode(struct seen *out, const bt_event *event, const struct layout *layout);

#endif
