/* SPDX-License-Identifier: MIT */
/*
 * ELF files on disk, which anybody may have replaced, cut off or made up. One thread at a time, as
 * symbolize.h.
 */
#ifndef PYTHREAD_TRACE_STACK_ELFFILE_H
#define PYTHREAD_TRACE_STACK_ELFFILE_H

#include "stack/modules.h"

#include <elfutils/libdw.h>
#include <libelf.h>

struct elffile {
	int fd;
	Elf *elf;
};

/* False unless it is a regular file with an executable or shared object for this machine. */
bool elffile_open(struct elffile *file, const char *path);

void elffile_close(struct elffile *file); /* both */
void elffile_close_descriptor(int fd);

/*
 * Lets go of the descriptor but keeps what is in the file: no descriptor of the tool's may stay
 * open in the program.
 */
void elffile_detach(Elf *elf, int fd);

/* Closes what is open, and leaves alone what libelf has of it. */
void elffile_abandon(void);

/* How many files could not be read for lack of memory or descriptors, or by a failing disk. */
uint64_t elffile_lost(void);

/*
 * Whether the file is the one that was loaded as this module: false when the module is still there
 * and its build id or its segments are others.
 */
bool elffile_is_loaded(Elf *elf, const struct module *module);

#endif
