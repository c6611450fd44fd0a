/* SPDX-License-Identifier: MIT */
/*
 * The functions that a loaded library imports, each with its slot in that library's own table: what
 * is stored there it calls from then on, and no other library does. On x86-64 and aarch64.
 *
 * Takes no lock and allocates nothing. One thread at a time for each library, whose tables must
 * stay loaded.
 */
#ifndef PYTHREAD_TRACE_IMPORTS_H
#define PYTHREAD_TRACE_IMPORTS_H

#include "base/common.h"

#include <link.h>

struct imports {
	ElfW(Addr) bias;
	ElfW(Addr) protected_start, protected_end; /* whole pages, read-only since it was loaded */
	const ElfW(Sym) * symbols;
	const char *strings;
	const ElfW(Rela) * relocations[2];
	size_t sizes[2];
};

/* From inside dl_iterate_phdr(). False: it has no table that is understood. */
bool imports_read(struct imports *imports, const struct dl_phdr_info *library);

typedef void imports_visit_fn(void **slot, const char *name, void *context);
void imports_for_each(const struct imports *imports, imports_visit_fn *visit, void *context);

/* In one atomic write. False: the page cannot be made writable, and nothing was stored. */
bool imports_exchange(const struct imports *imports, void **slot, void *function);

#endif
