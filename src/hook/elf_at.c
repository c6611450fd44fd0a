/* SPDX-License-Identifier: MIT */
/*
 * A fork while another thread has the dynamic linker's lock leaves it locked in the child for ever:
 * it can load nothing any more. So what is asked while the program runs is asked without that lock,
 * where glibc can (from 2.35 on), and else holds it for a moment only.
 */
#include "hook/elf.h"

#include <dlfcn.h>
#include <string.h>

#pragma weak _dl_find_object

struct search {
	const void *address;
	struct elf_object *found;
};

static void compare(const struct elf_object *object, void *context)
{
	const struct search *search = context;

	if (elf_contains(object, search->address))
		*search->found = *object;
}

#define BEGINNING 4096 /* of the file: at least so much is in memory as it is there */

/*
 * By its program headers, where they are at the beginning, as linkers put them. A tool may have
 * moved them to where they are not in memory, or at another distance.
 */
static bool open_mapped(struct elf_object *object, const struct dl_find_object *mapped)
{
	const ElfW(Ehdr) *header = mapped->dlfo_map_start;
	uintptr_t size = (uintptr_t)mapped->dlfo_map_end - (uintptr_t)mapped->dlfo_map_start;
	struct dl_phdr_info info = {
		.dlpi_addr = mapped->dlfo_link_map->l_addr,
		.dlpi_name = mapped->dlfo_link_map->l_name,
	};

	if (size < sizeof(*header) || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_phentsize != sizeof(ElfW(Phdr)) || header->e_phoff > BEGINNING ||
	    header->e_phoff % _Alignof(ElfW(Phdr)) ||
	    header->e_phnum * sizeof(ElfW(Phdr)) > BEGINNING - header->e_phoff)
		return false;
	info.dlpi_phdr = (const void *)((uintptr_t)header + header->e_phoff);
	info.dlpi_phnum = header->e_phnum;
	return elf_open(object, &info);
}

bool elf_at(struct elf_object *object, const void *address)
{
	struct search search = {address, object};
	struct dl_find_object mapped;

	if (_dl_find_object) {
		if (_dl_find_object((void *)address, &mapped) != 0)
			return false;
		if (open_mapped(object, &mapped) && elf_contains(object, address))
			return true;
	}
	*object = (struct elf_object){0};
	elf_for_each(compare, &search);
	return elf_contains(object, address);
}
