/* SPDX-License-Identifier: MIT */
/*
 * Separate debug files, found where distributions and objcopy put them. libdwfl's own search is not
 * used: with DEBUGINFOD_URLS set it asks servers. One thread at a time, as symbolize.h.
 */
#ifndef PYTHREAD_TRACE_STACK_DEBUGFILE_H
#define PYTHREAD_TRACE_STACK_DEBUGFILE_H

#include "stack/elffile.h"

/* The tree below which debug files of the system lie; only tests change it. */
extern const char *debugfile_root;

/*
 * The debug file of the object `elf`, loaded from path: by build id below debugfile_root, by
 * .gnu_debuglink next to the file, in .debug/ there and below debugfile_root. Accepted only with
 * the object's build id or, where it has none, the link's checksum. False when there is none.
 */
bool debugfile_open(struct elffile *out, Elf *elf, const char *path);

/* Gives dwarf the supplementary file that dwz made for it, if it names one that can be found. */
void debugfile_add_supplement(Dwarf *dwarf);

#endif
