/* SPDX-License-Identifier: MIT */
/* The places that the dynamic linker fills with addresses. */
#include "hook/elf.h"

#include <string.h>

#if defined(__x86_64__)
#define RELOCATION_JUMP_SLOT R_X86_64_JUMP_SLOT
#define RELOCATION_GLOB_DAT R_X86_64_GLOB_DAT
#define RELOCATION_ABSOLUTE R_X86_64_64
#elif defined(__aarch64__)
#define RELOCATION_JUMP_SLOT R_AARCH64_JUMP_SLOT
#define RELOCATION_GLOB_DAT R_AARCH64_GLOB_DAT
#define RELOCATION_ABSOLUTE R_AARCH64_ABS64
#endif

static bool has_word(const struct elf_object *object, uintptr_t address)
{
	if (address >= object->data_start && address < object->data_end &&
	    object->data_end - address >= sizeof(uintptr_t))
		return true;
	return elf_has(object, (const void *)address, sizeof(uintptr_t));
}

uintptr_t *elf_relocation_slot(const struct elf_object *object, const ElfW(Rela) * relocation)
{
	uintptr_t address = object->bias + relocation->r_offset;

	switch (ELF64_R_TYPE(relocation->r_info)) {
	case RELOCATION_JUMP_SLOT:
	case RELOCATION_GLOB_DAT:
	case RELOCATION_ABSOLUTE:
		break;
	default:
		return NULL;
	}
	if (address % sizeof(uintptr_t) || !has_word(object, address))
		return NULL;
	return (uintptr_t *)address;
}

/*
 * The next one whose word is between the two, or that is not in the data and has to be looked at
 * more closely. There are tens of thousands: the word alone tells nearly all, whatever they are.
 */
static const ElfW(Rela) * skip_others(const struct elf_object *object,
				      const ElfW(Rela) * relocation, const ElfW(Rela) * end,
				      uintptr_t low, uintptr_t high)
{
	const char *data = (const char *)object->data_start;
	uintptr_t start = object->data_start - object->bias, span = high - low, word;
	uintptr_t room = object->data_end - object->data_start;

	if (room < sizeof(word))
		return relocation;
	room -= sizeof(word);
	for (; relocation < end; relocation++) {
		uintptr_t offset = relocation->r_offset - start;

		if (unlikely(offset > room))
			break;
		memcpy(&word, data + offset, sizeof(word));
		if (unlikely(word - low <= span))
			break;
	}
	return relocation;
}

void elf_for_each_slot(const struct elf_object *object, const struct elf_relocations *relocations,
		       uintptr_t low, uintptr_t high, elf_slot_fn *visit)
{
	const ElfW(Rela) *relocation = relocations->table;
	const ElfW(Rela) *end = relocation ? relocation + relocations->count : NULL;

	while ((relocation = skip_others(object, relocation, end, low, high)) < end) {
		uintptr_t *slot = elf_relocation_slot(object, relocation);

		if (slot && *slot >= low && *slot <= high)
			visit(object, relocation, slot);
		relocation++;
	}
}
