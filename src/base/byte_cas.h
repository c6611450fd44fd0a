/* SPDX-License-Identifier: MIT */
/*
 * Whether an object's code has the fast paths of CPython's PyMutex inlined. The interpreter's
 * headers put a compare-and-swap of one byte wherever code locks or unlocks a PyMutex, and a call
 * behind it for when that fails: calls from such code tell of contention only. Calls from an object
 * whose machine code has no such instruction tell of every operation, and so do those from one that
 * was built with include/pythread-trace/pymutex.h and says so in an ELF note.
 *
 * All of it is bounded by what it is given, takes no lock and allocates nothing.
 */
#ifndef PYTHREAD_TRACE_BYTE_CAS_H
#define PYTHREAD_TRACE_BYTE_CAS_H

#include "base/common.h"

#include <link.h>

/* The running processor's kind. */
#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#else
#define OWN_MACHINE EM_NONE
#endif

enum pymutex_use {
	PYMUTEX_UNUSED,
	PYMUTEX_OUT_OF_LINE,	/* every operation is a call */
	PYMUTEX_MAY_BE_INLINED, /* perhaps only those that meet contention are */
};

/* The program headers of an object: loaded, or of a file that is mapped as a whole. */
struct pymutex_object {
	uint16_t machine; /* EM_* */
	uintptr_t base;	  /* added to p_vaddr it gives where a segment is */
	/* The p_filesz bytes of each PT_LOAD are there to be read, if its p_flags say so. */
	const ElfW(Phdr) * segments;
	size_t segment_count;
};

/* Of code that is known to call PyMutex functions: never PYMUTEX_UNUSED. */
enum pymutex_use pymutex_use_of_caller(const struct pymutex_object *object);

/* The same, where names is the object's dynamic string table: what it calls has its name there. */
enum pymutex_use pymutex_use_of(const struct pymutex_object *object, const char *names,
				size_t size);

/*
 * Whether this code of this machine (EM_*) has an atomic compare-and-swap of one byte. May be wrong
 * only in saying yes; says yes for unknown machines.
 */
bool byte_cas_in(uint16_t machine, const void *code, size_t size);

/* Whether these ELF notes, a whole PT_NOTE segment, have that of pymutex.h among them. */
bool pymutex_note_in(const void *notes, size_t size);

#endif
