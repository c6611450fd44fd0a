/* SPDX-License-Identifier: MIT */
/* The file that describes a trace, as far as it can be judged without understanding it. */
#ifndef PYTHREAD_TRACE_BABELTRACE_METADATA_H
#define PYTHREAD_TRACE_BABELTRACE_METADATA_H

enum metadata_state {
	METADATA_GOOD,
	METADATA_NONE,	/* no regular file */
	METADATA_NEWER, /* CTF 2, which this babeltrace2 cannot read */
	METADATA_CUT,	/* its packets do not fit into it, or there are none */
	METADATA_UNREADABLE,
};

enum metadata_state metadata_judge(const char *path);

#endif
