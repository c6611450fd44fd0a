/* SPDX-License-Identifier: MIT */
/*
 * The dynamic tables of an object file as they lie in memory. What is read is checked against the
 * object's own segments: a damaged or hostile table yields nothing, never a fault.
 * Formats: the System V gABI, and the GNU hash table as binutils writes it.
 *
 * A struct elf_object points into the object itself, is good for as long as that is loaded, and
 * owns nothing. Thread safe; allocates nothing.
 */
#ifndef PYTHREAD_TRACE_ELF_H
#define PYTHREAD_TRACE_ELF_H

#include "base/common.h"

#include <link.h>

struct elf_relocations {
	const ElfW(Rela) * table;
	size_t count;
};

struct elf_object {
	const char *name; /* "" for the executable */
	uintptr_t bias;	  /* run-time address minus link-time address */
	uintptr_t start, end;
	uintptr_t data_start, data_end; /* of a writable segment, where nearly all slots are */
	const ElfW(Phdr) * segments;
	size_t segment_count;
	const ElfW(Sym) * symbols;
	const char *strings;
	size_t strings_size;
	const uint32_t *gnu_hash;
	const uint32_t *sysv_hash;
	size_t relative; /* of data, the first so many have no symbol: left out in the next line */
	struct elf_relocations data, plt;
};

/* False when the object has no usable symbol table. Keeps pointers into *info's strings. */
bool elf_open(struct elf_object *object, const struct dl_phdr_info *info);

/* The function or data that the object itself defines and exports under this name, or NULL. */
const ElfW(Sym) * elf_find(const struct elf_object *object, const char *name);

/* The run-time address of what elf_find() finds, or 0. */
uintptr_t elf_address(const struct elf_object *object, const char *name);

/* The name of a relocation's symbol, or NULL. */
const char *elf_relocation_symbol(const struct elf_object *object, const ElfW(Rela) * relocation);

/* The place that a relocation fills with an address, or NULL for other relocations. */
uintptr_t *elf_relocation_slot(const struct elf_object *object, const ElfW(Rela) * relocation);

/* Calls visit for each place that holds an address from low to high. */
typedef void elf_slot_fn(const struct elf_object *object, const ElfW(Rela) * relocation,
			 uintptr_t *slot);
void elf_for_each_slot(const struct elf_object *object, const struct elf_relocations *relocations,
		       uintptr_t low, uintptr_t high, elf_slot_fn *visit);

/* The memory protection (PROT_*) that this address's segment asks for; -1 outside. */
int elf_protection(const struct elf_object *object, uintptr_t address);

/* Calls visit for every loaded object but the library itself, under the dynamic linker's lock. */
typedef void elf_visit_fn(const struct elf_object *object, void *context);
void elf_for_each(elf_visit_fn *visit, void *context);

/*
 * The object that has this address. Whoever asks keeps it loaded meanwhile: it is a return address,
 * or the like. Takes the dynamic linker's lock only where that cannot be helped.
 */
bool elf_at(struct elf_object *object, const void *address);

/* Whether all of these bytes lie in one of the object's segments. */
bool elf_has(const struct elf_object *object, const void *address, size_t size);

/* Whether the address is between the object's first and last segment. */
bool elf_contains(const struct elf_object *object, const void *address);

#endif
