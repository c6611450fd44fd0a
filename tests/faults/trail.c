/* SPDX-License-Identifier: MIT */
/* Who makes a call: frames are followed from the newest to the first that is the program's. */
#define _GNU_SOURCE
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

static const struct {
	const char *beginning; /* of the file's name */
	enum owner owner;
} known[] = {
	{"libfaults.so", OWNER_SELF},
	{"libpythread-trace", OWNER_TOOL},
	{"report.so", OWNER_TOOL},
	{"libunwind", OWNER_HELPER},
	{"liblttng-ctl", OWNER_HELPER},
	{"libbabeltrace2", OWNER_HELPER},
	{"babeltrace-plugin", OWNER_HELPER},
	{"libglib-", OWNER_HELPER},
	{"libgmodule-", OWNER_HELPER},
	{"libdw.so", OWNER_HELPER},
	{"libdw-", OWNER_HELPER},
	{"libelf.so", OWNER_HELPER},
	{"libelf-", OWNER_HELPER},
	{"libjson-c.so", OWNER_HELPER},
	{"liblttng-ust", OWNER_HELPER},
	{"liburcu", OWNER_HELPER},
	/* In the service of whoever calls them. */
	{"libc.so", OWNER_NEUTRAL},
	{"ld-linux", OWNER_NEUTRAL},
	{"libgcc_s.so", OWNER_NEUTRAL},
	{"libstdc++.so", OWNER_NEUTRAL},
	{"liblzma.so", OWNER_NEUTRAL},
	{"libbz2.so", OWNER_NEUTRAL},
	{"libz.so", OWNER_NEUTRAL},
	{"libzstd.so", OWNER_NEUTRAL},
	{"linux-vdso", OWNER_NEUTRAL},
};

/* Asked for by the first call, which may come before anybody's constructor. */
const char *command_tested(void)
{
	static const char *command;
	static bool known;

	if (!known) {
		command = getenv("FAULTS_COMMAND");
		known = true;
	}
	return command;
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Of a command's own code, where FAULTS_COMMAND names it; of others nothing is failed. */
static enum owner owner_by_name(const char *name)
{
	const char *command = command_tested();

	if (command && strcmp(command, program_invocation_short_name) != 0)
		return OWNER_PROGRAM;
	if (!*name) /* the program's file */
		return command ? OWNER_TOOL : OWNER_PROGRAM;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strncmp(name, known[i].beginning, strlen(known[i].beginning)) == 0)
			return known[i].owner;
	}
	return OWNER_PROGRAM;
}

enum owner owner_of(const void *code, const char **file, size_t *offset)
{
	struct dl_find_object found;
	const char *name;

	/* Takes no lock and allocates nothing. */
	if (_dl_find_object((void *)code, &found) != 0 || !found.dlfo_link_map)
		return OWNER_NEUTRAL;
	name = file_name(found.dlfo_link_map->l_name);
	if (file)
		*file = *name ? name : program_invocation_short_name;
	if (offset)
		*offset = (uintptr_t)code - found.dlfo_link_map->l_addr;
	return owner_by_name(name);
}

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *data)
{
	const void *code = (const void *)_Unwind_GetIP(context);
	struct trail *trail = data;
	enum owner owner = code ? owner_of(code, NULL, NULL) : OWNER_PROGRAM;

	if (owner == OWNER_PROGRAM)
		return _URC_END_OF_STACK;
	if (owner == OWNER_SELF)
		return _URC_NO_REASON;
	trail->by_tool |= owner == OWNER_TOOL || owner == OWNER_HELPER;
	if (trail->count == FRAMES_MAX)
		return _URC_END_OF_STACK;
	trail->frame[trail->count++] = code;
	return _URC_NO_REASON;
}

void trail_of_caller(struct trail *trail)
{
	trail->count = 0;
	trail->by_tool = false;
	_Unwind_Backtrace(note_frame, trail);
}
