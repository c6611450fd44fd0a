/* SPDX-License-Identifier: MIT */
/*
 * LTTng's library cancels the threads by which it listens when the process ends, those too that
 * there was no memory to create (2.13 to 2.16), and glibc crashes at that.
 */
#include "base/imports.h"
#include "hook/trace_internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

static int cancel_what_is_there(pthread_t thread)
{
	return thread ? pthread_cancel(thread) : ESRCH;
}

static void guard_cancel(void **slot, const char *name, void *library)
{
	if (strcmp(name, "pthread_cancel") == 0)
		imports_exchange(library, slot, (void *)cancel_what_is_there);
}

static int guard_library(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct link_map *map = data;
	struct imports imports;

	(void)size;
	if (info->dlpi_addr != map->l_addr)
		return 0;
	if (imports_read(&imports, info))
		imports_for_each(&imports, guard_cancel, &imports);
	return 1;
}

void trace_guard_listeners(const void *code)
{
	struct link_map *map;
	Dl_info info;

	if (code && dladdr1(code, &info, (void **)&map, RTLD_DL_LINKMAP))
		dl_iterate_phdr(guard_library, map);
}
