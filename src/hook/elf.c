/* SPDX-License-Identifier: MIT */
#include "hook/elf.h"

#include <string.h>
#include <sys/mman.h>

#if defined(__x86_64__)
#define RELOCATION_JUMP_SLOT R_X86_64_JUMP_SLOT
#define RELOCATION_GLOB_DAT R_X86_64_GLOB_DAT
#define RELOCATION_ABSOLUTE R_X86_64_64
#elif defined(__aarch64__)
#define RELOCATION_JUMP_SLOT R_AARCH64_JUMP_SLOT
#define RELOCATION_GLOB_DAT R_AARCH64_GLOB_DAT
#define RELOCATION_ABSOLUTE R_AARCH64_ABS64
#endif

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

static bool is_inside(const struct elf_object *object, const void *address, size_t size)
{
	return segment_of(object, (uintptr_t)address, size) != NULL;
}

/*
 * glibc has already turned most tables' link-time addresses into run-time ones, but not where the
 * dynamic section is read-only (the vdso).
 */
static const void *table_at(const struct elf_object *object, ElfW(Addr) address)
{
	if (is_inside(object, (const void *)address, 1))
		return (const void *)address;
	address += object->bias;
	return is_inside(object, (const void *)address, 1) ? (const void *)address : NULL;
}

static void read_entry(struct elf_object *object, const ElfW(Dyn) * entry)
{
	switch (entry->d_tag) {
	case DT_SYMTAB:
		object->symbols = table_at(object, entry->d_un.d_ptr);
		break;
	case DT_STRTAB:
		object->strings = table_at(object, entry->d_un.d_ptr);
		break;
	case DT_STRSZ:
		object->strings_size = entry->d_un.d_val;
		break;
	case DT_GNU_HASH:
		object->gnu_hash = table_at(object, entry->d_un.d_ptr);
		break;
	case DT_HASH:
		object->sysv_hash = table_at(object, entry->d_un.d_ptr);
		break;
	case DT_RELA:
		object->data.table = table_at(object, entry->d_un.d_ptr);
		break;
	case DT_RELASZ:
		object->data.count = entry->d_un.d_val / sizeof(ElfW(Rela));
		break;
	case DT_JMPREL:
		object->plt.table = table_at(object, entry->d_un.d_ptr);
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

	while (is_inside(object, entry, sizeof(*entry)) && entry->d_tag != DT_NULL)
		read_entry(object, entry++);
}

static void drop_if_outside(const struct elf_object *object, struct elf_relocations *relocations)
{
	size_t size;

	if (!relocations->table ||
	    __builtin_mul_overflow(relocations->count, sizeof(ElfW(Rela)), &size) ||
	    !is_inside(object, relocations->table, size))
		*relocations = (struct elf_relocations){0};
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
	drop_if_outside(object, &object->plt);
	return object->symbols && object->strings &&
	       is_inside(object, object->strings, object->strings_size);
}

static const char *string_at(const struct elf_object *object, size_t offset)
{
	if (offset >= object->strings_size ||
	    !memchr(object->strings + offset, '\0', object->strings_size - offset))
		return NULL;
	return object->strings + offset;
}

static const ElfW(Sym) * symbol_at(const struct elf_object *object, size_t index)
{
	const ElfW(Sym) * symbol;

	if (index > UINT32_MAX)
		return NULL;
	symbol = object->symbols + index;
	return is_inside(object, symbol, sizeof(*symbol)) ? symbol : NULL;
}

static bool is_definition_of(const struct elf_object *object, const ElfW(Sym) * symbol,
			     const char *name)
{
	unsigned char binding = ELF64_ST_BIND(symbol->st_info);
	const char *own = string_at(object, symbol->st_name);

	return own && strcmp(own, name) == 0 && symbol->st_shndx != SHN_UNDEF &&
	       symbol->st_value != 0 && (binding == STB_GLOBAL || binding == STB_WEAK);
}

static uint32_t gnu_hash_of(const char *name)
{
	uint32_t hash = 5381;

	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

/* Header: buckets, first hashed symbol, Bloom words, Bloom shift; then Bloom, buckets, chains. */
static const ElfW(Sym) * find_gnu(const struct elf_object *object, const char *name)
{
	const uint32_t *header = object->gnu_hash;
	const ElfW(Addr) * bloom;
	const uint32_t *buckets, *chain;
	uint32_t hash = gnu_hash_of(name), index;
	const unsigned int word_bits = sizeof(ElfW(Addr)) * 8;
	ElfW(Addr) word, mask;

	if (!is_inside(object, header, 4 * sizeof(*header)) || !header[0] || !header[2])
		return NULL;
	bloom = (const ElfW(Addr) *)(header + 4);
	buckets = (const uint32_t *)(bloom + header[2]);
	chain = buckets + header[0];
	bloom += (hash / word_bits) % header[2];
	buckets += hash % header[0];
	if (!is_inside(object, bloom, sizeof(*bloom)) ||
	    !is_inside(object, buckets, sizeof(*buckets)))
		return NULL;
	word = *bloom;
	mask = (ElfW(Addr))1 << (hash % word_bits) |
	       (ElfW(Addr))1 << ((hash >> (header[3] % 32)) % word_bits);
	if ((word & mask) != mask)
		return NULL;
	for (index = *buckets; index >= header[1]; index++) {
		const uint32_t *link = chain + (index - header[1]);
		const ElfW(Sym) *symbol = symbol_at(object, index);

		if (!symbol || !is_inside(object, link, sizeof(*link)))
			return NULL;
		if ((*link | 1) == (hash | 1) && is_definition_of(object, symbol, name))
			return symbol;
		if (*link & 1)
			return NULL;
	}
	return NULL;
}

static uint32_t sysv_hash_of(const char *name)
{
	uint32_t hash = 0;

	for (; *name; name++) {
		uint32_t high;

		hash = (hash << 4) + (unsigned char)*name;
		high = hash & 0xf0000000;
		hash ^= high >> 24;
		hash &= ~high;
	}
	return hash;
}

/* Header: buckets, chains; then both tables. A chain longer than the table runs in a circle. */
static const ElfW(Sym) * find_sysv(const struct elf_object *object, const char *name)
{
	const uint32_t *header = object->sysv_hash, *bucket;
	uint32_t index, steps;

	if (!is_inside(object, header, 2 * sizeof(*header)) || !header[0])
		return NULL;
	bucket = header + 2 + sysv_hash_of(name) % header[0];
	if (!is_inside(object, bucket, sizeof(*bucket)))
		return NULL;
	index = *bucket;
	for (steps = 0; index != STN_UNDEF && index < header[1] && steps < header[1]; steps++) {
		const uint32_t *link = header + 2 + (size_t)header[0] + index;
		const ElfW(Sym) *symbol = symbol_at(object, index);

		if (!symbol || !is_inside(object, link, sizeof(*link)))
			return NULL;
		if (is_definition_of(object, symbol, name))
			return symbol;
		index = *link;
	}
	return NULL;
}

const ElfW(Sym) * elf_find(const struct elf_object *object, const char *name)
{
	if (object->gnu_hash)
		return find_gnu(object, name);
	return object->sysv_hash ? find_sysv(object, name) : NULL;
}

uintptr_t elf_address(const struct elf_object *object, const char *name)
{
	const ElfW(Sym) *symbol = elf_find(object, name);

	return symbol ? object->bias + symbol->st_value : 0;
}

const char *elf_relocation_symbol(const struct elf_object *object, const ElfW(Rela) * relocation)
{
	const ElfW(Sym) *symbol = symbol_at(object, ELF64_R_SYM(relocation->r_info));

	return symbol ? string_at(object, symbol->st_name) : NULL;
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
	if (address % sizeof(uintptr_t) ||
	    !is_inside(object, (const void *)address, sizeof(uintptr_t)))
		return NULL;
	return (uintptr_t *)address;
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
