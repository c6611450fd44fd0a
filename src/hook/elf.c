/* SPDX-License-Identifier: MIT */
#include "hook/elf.h"

#include <string.h>
#include <sys/mman.h>

static const ElfW(Phdr) *
	segment_of(const struct elf_object *object, uintptr_t address, size_t size)
{
	for (size_t i = 0; i < object->segment_count; i++) {
		const ElfW(Phdr) *segment = &object->segments[i];
		uintptr_t start = object->bias + segment->p_vaddr;

		if (segment->p_type == PT_LOAD && address >= start && size <= segment->p_memsz &&
		    address - start <= segment->p_memsz - size)
			return segment;
	}
	return NULL;
}

bool elf_has(const struct elf_object *object, const void *address, size_t size)
{
	return segment_of(object, (uintptr_t)address, size) != NULL;
}

/*
 * glibc has already turned most tables' link-time addresses into run-time ones, but not where the
 * dynamic section is read-only (the vdso).
 */
static const void *table_at(const struct elf_object *object, ElfW(Addr) address)
{
	if (elf_has(object, (const void *)address, 1))
		return (const void *)address;
	address += object->bias;
	return elf_has(object, (const void *)address, 1) ? (const void *)address : NULL;
}

/* The same for items that have to be at multiples of `align`. */
static const void *items_at(const struct elf_object *object, ElfW(Addr) address, size_t align)
{
	const void *table = table_at(object, address);

	return (uintptr_t)table % align ? NULL : table;
}

static void read_entry(struct elf_object *object, const ElfW(Dyn) * entry)
{
	switch (entry->d_tag) {
	case DT_SYMTAB:
		object->symbols = items_at(object, entry->d_un.d_ptr, sizeof(uintptr_t));
		break;
	case DT_STRTAB:
		object->strings = table_at(object, entry->d_un.d_ptr);
		break;
	case DT_STRSZ:
		object->strings_size = entry->d_un.d_val;
		break;
	case DT_GNU_HASH:
		object->gnu_hash = items_at(object, entry->d_un.d_ptr, sizeof(uintptr_t));
		break;
	case DT_HASH:
		object->sysv_hash = items_at(object, entry->d_un.d_ptr, sizeof(uint32_t));
		break;
	case DT_RELA:
		object->data.table = items_at(object, entry->d_un.d_ptr, sizeof(uintptr_t));
		break;
	case DT_RELASZ:
		object->data.count = entry->d_un.d_val / sizeof(ElfW(Rela));
		break;
	case DT_RELACOUNT:
		object->relative = entry->d_un.d_val;
		break;
	case DT_JMPREL:
		object->plt.table = items_at(object, entry->d_un.d_ptr, sizeof(uintptr_t));
		break;
	case DT_PLTRELSZ:
		object->plt.count = entry->d_un.d_val / sizeof(ElfW(Rela));
		break;
	default:
		break;
	}
}

static void read_dynamic(struct elf_object *object, const ElfW(Phdr) * segment)
{
	const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(object->bias + segment->p_vaddr);

	if (!elf_has(object, entry, segment->p_memsz))
		return;
	for (const ElfW(Dyn) *end = entry + segment->p_memsz / sizeof(*entry);
	     entry < end && entry->d_tag != DT_NULL; entry++)
		read_entry(object, entry);
}

static void drop_if_outside(const struct elf_object *object, struct elf_relocations *relocations)
{
	size_t size;

	if (!relocations->table ||
	    __builtin_mul_overflow(relocations->count, sizeof(ElfW(Rela)), &size) ||
	    !elf_has(object, relocations->table, size))
		*relocations = (struct elf_relocations){0};
}

static void skip_relative(struct elf_relocations *relocations, size_t count)
{
	if (count > relocations->count)
		count = relocations->count;
	if (!count)
		return;
	relocations->table += count;
	relocations->count -= count;
}

static void measure(struct elf_object *object)
{
	object->start = UINTPTR_MAX;
	for (size_t i = 0; i < object->segment_count; i++) {
		const ElfW(Phdr) *segment = &object->segments[i];
		uintptr_t start = object->bias + segment->p_vaddr;

		if (segment->p_type != PT_LOAD)
			continue;
		if (start < object->start)
			object->start = start;
		if (start + segment->p_memsz > object->end)
			object->end = start + segment->p_memsz;
		if (segment->p_flags & PF_W) {
			object->data_start = start;
			object->data_end = start + segment->p_memsz;
		}
	}
}

bool elf_open(struct elf_object *object, const struct dl_phdr_info *info)
{
	memset(object, 0, sizeof(*object));
	object->name = info->dlpi_name ? info->dlpi_name : "";
	object->bias = info->dlpi_addr;
	object->segments = info->dlpi_phdr;
	object->segment_count = info->dlpi_phnum;
	measure(object);
	for (size_t i = 0; i < object->segment_count; i++) {
		if (object->segments[i].p_type == PT_DYNAMIC)
			read_dynamic(object, &object->segments[i]);
	}
	drop_if_outside(object, &object->data);
	skip_relative(&object->data, object->relative);
	drop_if_outside(object, &object->plt);
	return object->symbols && object->strings &&
	       elf_has(object, object->strings, object->strings_size);
}

int elf_protection(const struct elf_object *object, uintptr_t address)
{
	const ElfW(Phdr) *segment = segment_of(object, address, 1);

	if (!segment)
		return -1;
	return (segment->p_flags & PF_R ? PROT_READ : 0) |
	       (segment->p_flags & PF_W ? PROT_WRITE : 0) |
	       (segment->p_flags & PF_X ? PROT_EXEC : 0);
}

bool elf_contains(const struct elf_object *object, const void *address)
{
	return (uintptr_t)address >= object->start && (uintptr_t)address < object->end;
}

struct visit {
	elf_visit_fn *visit;
	void *context;
};

static int visit_one(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct visit *visit = data;
	struct elf_object object;

	(void)size;
	if (elf_open(&object, info) && !elf_contains(&object, (const void *)visit_one))
		visit->visit(&object, visit->context);
	return 0;
}

void elf_for_each(elf_visit_fn *visit, void *context)
{
	struct visit each = {visit, context};

	dl_iterate_phdr(visit_one, &each);
}
