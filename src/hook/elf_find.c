/* SPDX-License-Identifier: MIT */
/* Names to symbols, by the two kinds of hash table. */
#include "hook/elf.h"

#include <string.h>

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
	return elf_has(object, symbol, sizeof(*symbol)) ? symbol : NULL;
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

	if (!elf_has(object, header, 4 * sizeof(*header)) || !header[0] || !header[2])
		return NULL;
	bloom = (const ElfW(Addr) *)(header + 4);
	buckets = (const uint32_t *)(bloom + header[2]);
	chain = buckets + header[0];
	bloom += (hash / word_bits) % header[2];
	buckets += hash % header[0];
	if (!elf_has(object, bloom, sizeof(*bloom)) || !elf_has(object, buckets, sizeof(*buckets)))
		return NULL;
	word = *bloom;
	mask = (ElfW(Addr))1 << (hash % word_bits) |
	       (ElfW(Addr))1 << ((hash >> (header[3] % 32)) % word_bits);
	if ((word & mask) != mask)
		return NULL;
	for (index = *buckets; index >= header[1]; index++) {
		const uint32_t *link = chain + (index - header[1]);
		const ElfW(Sym) *symbol = symbol_at(object, index);

		if (!symbol || !elf_has(object, link, sizeof(*link)))
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

/*
 * Header: buckets, chains; then both tables. A chain longer than the table, or than one that the
 * object has room for, runs in a circle.
 */
static const ElfW(Sym) * find_sysv(const struct elf_object *object, const char *name)
{
	const uint32_t *header = object->sysv_hash, *bucket;
	size_t steps = (object->end - object->start) / sizeof(*header);
	uint32_t index;

	if (!elf_has(object, header, 2 * sizeof(*header)) || !header[0])
		return NULL;
	bucket = header + 2 + sysv_hash_of(name) % header[0];
	if (!elf_has(object, bucket, sizeof(*bucket)))
		return NULL;
	index = *bucket;
	for (; index != STN_UNDEF && index < header[1] && steps; steps--) {
		const uint32_t *link = header + 2 + (size_t)header[0] + index;
		const ElfW(Sym) *symbol = symbol_at(object, index);

		if (!symbol || !elf_has(object, link, sizeof(*link)))
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
