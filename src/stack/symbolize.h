/* SPDX-License-Identifier: MIT */
/*
 * Addresses to names, files and lines by elfutils' libdw, separate debug files included (by build
 * id and by debug link; never over the network). Only ever called while a report is written, by
 * one thread at a time. Lives in the report plug-in, so that libdw is in no process that has
 * nothing to report.
 */
#ifndef PYTHREAD_TRACE_SYMBOLIZE_H
#define PYTHREAD_TRACE_SYMBOLIZE_H

#include "stack/modules.h"

/* Absent facts are NULL or 0. The texts live until the process ends. */
struct symbol {
	const char *function; /* demangled where it is C++ */
	const char *file;     /* as the compiler recorded it */
	unsigned int line;
	uintptr_t offset; /* of the address in its module, link-time */
	uintptr_t into;	  /* data: of the address in the variable */
};

/* Code: pass the address of the call itself (a return address minus 1). */
void symbolize_code(const struct module *module, uintptr_t address, struct symbol *out);

/* Data: function is the variable that holds the address, local ones included. */
void symbolize_data(const struct module *module, uintptr_t address, struct symbol *out);

/*
 * After a call for that module was left in the middle, by a jump out of libdw: nothing of what
 * libdw has of it is used again.
 */
void symbolize_abandon(const struct module *module);

/* How often there was no answer for lack of memory, or because a file could not be read. */
uint64_t symbolize_lost(void);

#endif
