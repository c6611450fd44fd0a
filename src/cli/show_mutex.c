/* SPDX-License-Identifier: MIT */
#include "cli/show_mutex.h"

#include "cli/field.h"

#include <stdio.h>

/* What extensions are built with: the tool can only see what is a call. */
static void show_header(struct json_object *header)
{
	const char *path = field_text(header, "path", NULL);

	if (!path)
		printf("  headers  not installed; those of its version inline PyMutex\n");
	else if (field_bool(header, "inlines"))
		printf("  headers  %s inlines it: what meets no contention is no call\n", path);
	else
		printf("  headers  %s does not inline it: every operation is a call\n", path);
}

/* A mutex of an unmodified extension, once it was contended. */
static void show_arming(struct json_object *probe, bool forwarded)
{
	if (field_text(probe, "unverified", NULL))
		printf("  arming   not known without ctypes\n");
	else if (forwarded)
		printf("  arming   no: inlined operations that meet no contention stay unseen\n");
	else if (field_bool(probe, "unpark"))
		printf("  arming   yes: from its second contention on, every operation on a mutex "
		       "is seen\n");
	else
		printf("  arming   no: the interpreter does not export _PyParkingLot_Unpark\n");
}

void mutex_show(struct json_object *probe)
{
	bool forwarded = field_bool(probe, "free_threaded");

	printf("PyMutex\n");
	if (!field_bool(probe, "has_mutex")) {
		printf("  none: it came with CPython 3.13\n");
		return;
	}
	if (forwarded)
		printf("  waiting  forwarded to the interpreter, whose critical sections lock the "
		       "same mutexes\n");
	else
		printf("  waiting  in the tool's own parking lot (--mutex forward: in the "
		       "interpreter's)\n");
	show_header(field_get(probe, "mutex_header"));
	show_arming(probe, forwarded);
	printf("  'pythread-trace doctor EXTENSION.so' tells whether an extension inlines it\n");
}
